"""搜索: people, vehicles, records, posts and lines of one company, and for officers their companies."""
