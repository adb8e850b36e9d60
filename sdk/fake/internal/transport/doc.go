// Package transport puts an http.Handler on an http.Server in memory and gives the rest.Config by which unmodified client-go
// reaches it, upgrades to SPDY and WebSocket included.
//
// The thing people get wrong is replacing the WrapTransport of that configuration. client-go's exec, attach and
// port-forward dial on their own and ignore Transport and Dial; the hook in WrapTransport is what keeps them in memory.
// Add to it with Config.Wrap. A client that loses the hook fails with an unknown host: it never reaches a real one.
//
//	server := transport.Serve(handler, transport.Options{})
//	defer server.Close()
//	client, err := kubernetes.NewForConfig(server.Config())
//
// [Serve] works inside a testing/synctest bubble. [ServeListener] puts the same handler on a real listener, with TLS and
// HTTP/2 if wanted. Close of either returns when every handler has returned, hijacked or not, and every goroutine that
// serves a connection is done; in memory also those of the client's http.Transport. A handler must therefore end when its
// request's context does, also after it has hijacked the connection: one that does not holds up Close.
package transport
