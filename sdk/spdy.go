package sdk

import (
	"encoding/binary"
	"errors"
	"io"
)

// The client's half of SPDY/3.1, as far as port-forward goes: streams that the client opens, data, their ends, and pings. It is written
// here, though there is a package for it, because data passes through that one by six goroutines and two copies a frame.
//
// A frame begins with eight bytes: the number of the stream, or the version and the type of what controls the connection; flags; and
// in three bytes the length of the rest.
const (
	spdyHead = 8

	spdyControl = 1 << 31
	spdyVersion = 3

	spdySyn    = 1 // opens a stream
	spdyReply  = 2 // takes it
	spdyReset  = 3 // breaks it
	spdyPing   = 6
	spdyGoAway = 7

	spdyFin    = 1 // a flag: nothing more comes on the stream
	spdyCancel = 5 // a reason to reset

	firstStream = 1 // a client's have odd numbers
	lastStream  = 1<<31 - 1
)

// maxControl is the longest control frame that is taken: the longest that servers send, the answer to a new stream, has few bytes.
const maxControl = 64 << 10

// frameHead is the beginning of a frame as it is read.
type frameHead struct {
	stream uint32 // of a frame of data
	kind   uint16 // of a control frame; 0 for data
	flags  byte
	length int
}

var errNoSPDY = errors.New("the server does not speak SPDY/3.1")

// readHead reads the beginning of a frame into buffer, which holds it.
func readHead(r io.Reader, buffer []byte) (frameHead, error) {
	if _, err := io.ReadFull(r, buffer[:spdyHead]); err != nil {
		return frameHead{}, err
	}
	word := binary.BigEndian.Uint32(buffer)
	rest := binary.BigEndian.Uint32(buffer[4:])
	head := frameHead{stream: word, flags: byte(rest >> 24), length: int(rest & 0xffffff)}
	if word&spdyControl != 0 {
		head.stream, head.kind = 0, uint16(word)
		if word>>16&0x7fff != spdyVersion || head.length > maxControl {
			return frameHead{}, errNoSPDY
		}
	}
	return head, nil
}

func appendDataHead(b []byte, id uint32, flags byte, length int) []byte {
	b = binary.BigEndian.AppendUint32(b, id)
	return binary.BigEndian.AppendUint32(b, uint32(flags)<<24|uint32(length))
}

// appendFin says that nothing more comes on a stream.
func appendFin(b []byte, id uint32) []byte { return appendDataHead(b, id, spdyFin, 0) }

func appendControl(b []byte, kind uint32, words ...uint32) []byte {
	b = binary.BigEndian.AppendUint32(b, spdyControl|spdyVersion<<16|kind)
	b = binary.BigEndian.AppendUint32(b, uint32(4*len(words)))
	for _, word := range words {
		b = binary.BigEndian.AppendUint32(b, word)
	}
	return b
}

// appendReset breaks a stream off.
func appendReset(b []byte, id uint32) []byte { return appendControl(b, spdyReset, id, spdyCancel) }

// spdyHeader is one header of a new stream. Names are lower-case, as SPDY wants them.
type spdyHeader struct{ name, value string }

// appendSyn opens a stream. first says that it is the first one of the connection.
//
// Headers are one zlib stream for the whole connection. Those here are short, so they are stored, which readers of zlib take like
// anything else: a block is a zero, its length, the same inverted, and the text. An empty block has readers give what came before.
func appendSyn(b []byte, id uint32, first bool, headers []spdyHeader) []byte {
	at := len(b)
	b = appendControl(b, spdySyn, id, 0)
	b = append(b, 0, 0) // priority and slot
	if first {
		b = append(b, 0x78, 0x01) // zlib: deflate, a window of 32 KiB, no dictionary
	}
	size := 4
	for _, h := range headers {
		size += 8 + len(h.name) + len(h.value)
	}
	b = append(b, 0, byte(size), byte(size>>8), ^byte(size), ^byte(size>>8))
	b = binary.BigEndian.AppendUint32(b, uint32(len(headers)))
	for _, h := range headers {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(h.name))), h.name...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(h.value))), h.value...)
	}
	b = append(b, 0, 0, 0, 0xff, 0xff)
	binary.BigEndian.PutUint32(b[at+4:], uint32(len(b)-at-spdyHead))
	return b
}
