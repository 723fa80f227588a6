"""The page Liens: which activities go together more than chance explains, and what lies near one."""
