"""Where conda records come from: channels, downloads, repodata, the local index."""
