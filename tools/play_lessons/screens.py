"""The screens and the languages in which lessons are played."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Screen:
    """A screen: the options of its browser, and whether it is touched.

    Where there are two ways, `other_way` takes the other one: a picture is uploaded, not drawn; z is dragged, the map not pressed.
    """

    options: dict[str, Any]
    touch: bool = False
    other_way: bool = False


SCREENS = {
    "projector": Screen({"viewport": {"width": 1280, "height": 720}}),
    "phone": Screen(
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
        touch=True,
    ),
    "laptop": Screen({"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}, other_way=True),
}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
