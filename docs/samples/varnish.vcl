vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "3000";
    # Longer than max-wait (60 s) and the heartbeat (15 s).
    .first_byte_timeout = 75s;
    .between_bytes_timeout = 75s;
}

sub vcl_recv {
    # Streams pass Varnish as bytes, so a slow or absent reader is noticed.
    if (req.http.Accept ~ "text/event-stream" || req.url ~ "[?&]stream=1") {
        return (pipe);
    }
}

sub vcl_backend_response {
    # Store only what says that it may be stored.
    if (!beresp.http.Cache-Control) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
}
