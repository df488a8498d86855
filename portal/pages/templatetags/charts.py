"""What a page with charts loads besides the others."""

from django.template import Library
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.core import plotly_script

register = Library()


@register.simple_tag
def chart_scripts() -> SafeString:
    """plotly and what draws with it, deferred; for the block `scripts` of a page that shows a chart."""
    places = format_html_join("", '<meta id="{}">', ((one,) for one in plotly_script.style_ids()))
    return format_html(
        '{}<script src="{}" defer></script><script type="module" src="{}"></script>',
        places,
        static(plotly_script.name()),
        static("js/charts.js"),
    )
