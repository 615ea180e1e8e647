"""Wire formats: plain values in, the provider's own shapes out; no sockets, no clocks."""
