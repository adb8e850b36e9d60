package memconn

import (
	"bytes"
	"testing"
)

// FuzzQueue holds the queue against a bytes.Buffer: each step puts or takes up to 64 KiB.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{0x01, 0x80, 0x01, 0xff})
	f.Add([]byte{0x7f, 0x7f, 0xff, 0x01, 0xff})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var q queue
		var model bytes.Buffer
		for i, step := range steps {
			size := int(step&0x7f) * 600
			if step&0x80 == 0 {
				data := bytes.Repeat([]byte{byte(i)}, size)
				q.put(data)
				model.Write(data)
			} else {
				got, want := make([]byte, size), make([]byte, size)
				got = got[:q.take(got)]
				n, _ := model.Read(want)
				if !bytes.Equal(got, want[:n]) {
					t.Fatalf("step %d: took %d bytes that differ from the %d expected", i, len(got), n)
				}
			}
			if q.length != model.Len() {
				t.Fatalf("step %d: length %d, want %d", i, q.length, model.Len())
			}
			if (q.head == nil) != (q.length == 0) {
				t.Fatalf("step %d: an empty queue holds a chunk, or a full one none", i)
			}
		}
		q.clear()
		if q.length != 0 || q.head != nil || q.tail != nil {
			t.Fatal("clear leaves something behind")
		}
	})
}
