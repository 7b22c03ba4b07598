"""Documents really compile and render: checks with LaTeX, KaTeX, CommonMark and a browser."""
