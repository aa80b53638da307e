"""Pages. Server-rendered, no JavaScript needed."""
