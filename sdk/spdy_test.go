package sdk

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/spdystream/spdy"
)

// What is written here is read by the package that Kubernetes' servers read with, headers over several streams included.
func TestFramesAreSPDY(t *testing.T) {
	long := strings.Repeat("x", 300)
	var frames []byte
	frames = appendSyn(frames, 1, true, []spdyHeader{{"port", "80"}, {"streamtype", "error"}})
	frames = appendSyn(frames, 3, false, []spdyHeader{{"port", long}})
	frames = appendFin(frames, 1)
	frames = append(appendDataHead(frames, 3, 0, 5), "hello"...)
	frames = appendReset(frames, 3)
	frames = appendControl(frames, spdyPing, 7)
	frames = appendControl(frames, spdyGoAway, 0, 0)
	framer, err := spdy.NewFramer(io.Discard, bytes.NewReader(frames))
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for {
		frame, err := framer.ReadFrame()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("after %d frames: %v", len(got), err)
		}
		switch f := frame.(type) {
		case *spdy.SynStreamFrame:
			got = append(got, f.StreamId, f.Headers)
		case *spdy.DataFrame:
			got = append(got, f.StreamId, f.Flags, string(f.Data))
		case *spdy.RstStreamFrame:
			got = append(got, f.StreamId, f.Status)
		case *spdy.PingFrame:
			got = append(got, f.Id)
		case *spdy.GoAwayFrame:
			got = append(got, f.Status)
		}
	}
	want := []any{
		spdy.StreamId(1), http.Header{"Port": {"80"}, "Streamtype": {"error"}},
		spdy.StreamId(3), http.Header{"Port": {long}},
		spdy.StreamId(1), spdy.DataFlagFin, "",
		spdy.StreamId(3), spdy.DataFlags(0), "hello",
		spdy.StreamId(3), spdy.Cancel,
		uint32(7),
		spdy.GoAwayOK,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("frames: want -, got +:\n%s", diff)
	}
}

func TestReadHead(t *testing.T) {
	for _, tt := range []struct {
		rule string
		head []byte
		want frameHead
		err  error
	}{
		{"data", []byte{0, 0, 0, 5, 1, 0, 2, 3}, frameHead{stream: 5, flags: spdyFin, length: 0x203}, nil},
		{"control", []byte{0x80, 3, 0, 2, 0, 0, 0, 8}, frameHead{kind: spdyReply, length: 8}, nil},
		{"of another version", []byte{0x80, 2, 0, 2, 0, 0, 0, 8}, frameHead{}, errNoSPDY},
		{"control that is too long", []byte{0x80, 3, 0, 2, 0, 1, 0, 1}, frameHead{}, errNoSPDY},
		{"half", []byte{0x80, 3}, frameHead{}, io.ErrUnexpectedEOF},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := readHead(bytes.NewReader(tt.head), make([]byte, spdyHead))
			if got != tt.want || err != tt.err {
				t.Errorf("%+v, %v; want %+v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}
