"""What everything stands on: settings, time, ids, text, errors, the database. Knows neither HTTP nor features."""
