from . import package, shell

bp = shell.bp
__all__ = ["bp", "package"]
