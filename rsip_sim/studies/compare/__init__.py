"""The main job: scenarios compared with a baseline on the same futures."""
