"""What `manage.py connector_new` begins a connector with: files with a few words to fill in."""
