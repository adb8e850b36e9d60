// Package stream speaks the streaming protocols of a kubelet over HTTP, as the API server passes them on: logs, exec and
// attach, and port-forward, over SPDY/3.1, WebSockets with channels, and WebSockets that carry SPDY/3.1.
//
// The one thing people get wrong: the errors. A handler that returns an error has written nothing, and the caller
// answers with that error, which is a Kubernetes status. Once a handler has answered or switched protocols, it returns
// nil, however the stream ends; a forward tells its client what went wrong on the error stream.
//
// A handler blocks until the stream has ended: the client left, the source is exhausted, or the request's context
// ended. A hijacked connection is out of the hands of http.Server, so give the request a context that ends with the
// server. When a handler returns, its connections are closed and its goroutines have ended.
//
//	err := stream.ServePortForward(w, r, sandboxID, dialer, ports)
//	if err != nil {
//		writeStatus(w, r, err)
//	}
//
// The package knows neither pods nor nodes; what it needs of them are the interfaces [LogSource] and [Dialer]. SPDY is
// spoken by github.com/moby/spdystream, which client-go uses too, without the layer of k8s.io/streaming on top: that
// one drops the error of a reply that cannot be sent, and the next write on such a stream blocks for good.
package stream
