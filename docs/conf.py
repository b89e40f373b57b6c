"""The documentation site: `python -m sphinx -W docs build/docs`, and open build/docs/index.html."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]  # where generated.py is

from rsip_sim import __version__  # noqa: E402

project = "rsip_sim"
author = "rsip_sim contributors"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "generated"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["misc.highlighting_failure"]

# a page that is opened from a shared drive asks nobody for anything
html_theme = "alabaster"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_title = "rsip_sim"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = False
html_domain_indices = False
html_theme_options = {
    "description": "A school improvement partnership: how long should a council promise?",
    "fixed_sidebar": True,
    "page_width": "1220px",
    "sidebar_width": "240px",
    "show_powered_by": False,
    "show_relbars": False,
    "font_family": "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
    "head_font_family": "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
    "code_font_family": "ui-monospace, 'Cascadia Mono', Menlo, 'Liberation Mono', monospace",
    "gray_1": "#333",
    "gray_2": "#f3f3f3",
    "gray_3": "#555",
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}

autodoc_member_order = "bysource"
autodoc_typehints = "none"
