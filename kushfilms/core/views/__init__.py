"""Pages of nobody's app: what a browser wants, what we say of ourselves, what a phone installs."""
