// Package memconn gives one TCP-like connection inside the process: a pair of [net.Conn] ends with deadlines, half-close and
// reset, whose errors are those of a socket.
//
// The thing people get wrong is the choice of [Buffering]. A [Bounded] connection holds a writer back when its reader
// is slow, which is what programs in pods expect. Whoever writes under a mutex, as SPDY does, must use [Unbounded]: a
// goroutine that waits for a mutex is not durably blocked, so a write that blocked under one would stop the clock of a
// testing/synctest bubble.
//
//	client, server := memconn.Pair(clientAddr, serverAddr, memconn.Bounded(0))
//	go func() { _, _ = io.Copy(server, server); _ = server.CloseWrite() }()
//	_, _ = client.Write([]byte("ping"))
//
// Errors other than io.EOF are [*net.OpError] around [syscall.ECONNRESET], [syscall.EPIPE], [os.ErrDeadlineExceeded] or
// [net.ErrClosed]. No goroutine belongs to a connection, and one that is idle holds no buffer.
//
// What differs from TCP: the end that is reset or closed is known to its peer at once, so the first write after the
// peer's Close fails with EPIPE already; and a Close with unread input ends the peer's input with io.EOF, not with a reset.
package memconn
