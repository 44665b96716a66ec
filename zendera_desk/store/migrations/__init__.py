"""The schema, one numbered file a version; `database` runs those that a data folder has not had yet."""
