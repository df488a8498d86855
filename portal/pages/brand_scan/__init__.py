"""The brand-leak scanner: everything that leaves a partner's house is rendered and read for words, hosts and
pictures of whoever made the software."""
