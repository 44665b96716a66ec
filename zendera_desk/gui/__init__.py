"""The window: widgets, models, and every word that a person reads. It shows what the desk says and hands back what a person wants."""
