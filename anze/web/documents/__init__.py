"""文件目录: the company's documents with their versions, and which is valid."""
