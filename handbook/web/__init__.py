"""Flask, and nothing about features: who is asking, one transaction a request, headers, errors, pages, assets."""
