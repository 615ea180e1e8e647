"""OpenAI's wire format, spoken by Runcrate and by RuAPI's chat."""
