"""Contents as statements have them, and one place of them made another."""

from hypothesis import strategies as st

NAMES = st.text("abcdefgh_", min_size=1, max_size=6)
_scalars = st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=6)
_keyed = st.lists(NAMES, unique=True, max_size=4).map(
    lambda keys: [{"key": key, "n": at} for at, key in enumerate(keys)]
)
contents = st.recursive(
    _scalars | _keyed,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
