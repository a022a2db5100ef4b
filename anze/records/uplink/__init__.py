"""The company's links to authorities' platforms (上级平台), and what those platforms ask its people."""
