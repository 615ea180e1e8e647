"""Anthropic's Messages format, spoken by RuAPI on /v1/messages."""
