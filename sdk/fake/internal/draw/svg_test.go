package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every picture is well-formed, has a title and a description, and is the same each time.
func TestWrite(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		var b, again bytes.Buffer
		if err := errors.Join(s.write(&b), s.write(&again)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Error("the second picture differs")
		}
		names := map[string]bool{}
		for d := xml.NewDecoder(&b); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if start, ok := token.(xml.StartElement); ok {
				names[start.Name.Local] = true
			}
		}
		for _, want := range []string{"svg", "title", "desc", "style"} {
			if !names[want] {
				t.Errorf("no element %s", want)
			}
		}
	})
}

// What comes from a cluster is text, whatever it looks like; what is cut is there as a whole for the pointer.
func TestWriteTexts(t *testing.T) {
	image := `<script>alert("&")</script>/` + strings.Repeat("x", 99)
	p := pod("crane", "Running", "10.244.0.2")
	p.Containers[0].Image = image
	var b strings.Builder
	if err := Write(&b, Picture{Nodes: []Node{{Name: "n", Pods: []Pod{p}}}}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<script>") {
		t.Error("a name became an element")
	}
	if whole := "<title>" + escape(image) + "</title>"; !strings.Contains(b.String(), whole) {
		t.Errorf("no %s", whole)
	}
}

func TestWay(t *testing.T) {
	for _, test := range []struct {
		rule   string
		points []point
		want   string
	}{
		{"a straight line", []point{{0, 0}, {0, 50}}, "M0 0L0 50"},
		{"corners are round", []point{{0, 0}, {0, 50}, {50, 50}}, "M0 0L0 45Q0 50 5 50L50 50"},
		{"but not rounder than there is room", []point{{0, 0}, {0, 4}, {50, 4}}, "M0 0L0 2Q0 4 2 4L50 4"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(test.want, wayOf(test.points)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
