"""Finished documents: what each app's `renderers.py` describes, set as a PDF to hand over."""
