"""Property tests here may be slow on a busy machine without being wrong."""

from hypothesis import settings

settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
