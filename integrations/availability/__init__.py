"""What can still be promised, and what each channel is told. Pure arithmetic on given figures."""

from integrations.availability.buffer import buffer_from_data
from integrations.availability.channel import ChannelPolicy, channel_quantity, explain_channel
from integrations.availability.freshness import Freshness, fresh_quantity
from integrations.availability.promise import Level, Reserved, SiteFigures, atp, site_figures

__all__ = [
    "ChannelPolicy",
    "Freshness",
    "Level",
    "Reserved",
    "SiteFigures",
    "atp",
    "buffer_from_data",
    "channel_quantity",
    "explain_channel",
    "fresh_quantity",
    "site_figures",
]
