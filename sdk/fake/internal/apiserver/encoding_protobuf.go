package apiserver

import (
	"bytes"
	"encoding/binary"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// protobufPrefix begins every object; what follows is a runtime.Unknown.
const protobufPrefix = "k8s\x00"

// The tags of fields that hold bytes.
const (
	fieldOne = 1<<3 | 2
	fieldTwo = 2<<3 | 2
)

// protobufItem is the message of the object itself, the second field of the runtime.Unknown around it.
func protobufItem(whole []byte, _ runtime.Object) []byte {
	rest, ok := bytes.CutPrefix(whole, []byte(protobufPrefix))
	if !ok {
		return nil
	}
	_, rest = cutField(rest, fieldOne) // the kind
	item, _ := cutField(rest, fieldTwo)
	return item
}

// cutField takes the first field off a message; nil, nil if it is not that field.
func cutField(message []byte, tag byte) (field, rest []byte) {
	if len(message) == 0 || message[0] != tag {
		return nil, nil
	}
	size, n := binary.Uvarint(message[1:])
	if n <= 0 || uint64(len(message)-1-n) < size {
		return nil, nil
	}
	end := 1 + n + int(size)
	return message[1+n : end : end], message[end:]
}

func appendField(to []byte, tag byte, size int) []byte {
	return binary.AppendUvarint(append(to, tag), uint64(size))
}

// fieldSize is how long a field is that appendField begins.
func fieldSize(size int) int {
	var b [1 + binary.MaxVarintLen64]byte
	return len(appendField(b[:0], 0, size)) + size
}

// protobufFrame is a WatchEvent after its length, in four bytes; its object is a RawExtension.
func protobufFrame(to []byte, kind string, whole []byte) []byte {
	object := fieldSize(len(whole))
	to = binary.BigEndian.AppendUint32(to, uint32(fieldSize(len(kind))+fieldSize(object)))
	to = append(appendField(to, fieldOne, len(kind)), kind...)
	to = appendField(to, fieldTwo, object)
	return append(appendField(to, fieldOne, len(whole)), whole...)
}

// protobufList is a runtime.Unknown around a list, whose first field is its metadata and whose second is repeated for each item.
func protobufList(_ *format, empty runtime.Object, m *metav1.ListMeta, items [][]byte) (around, bool) {
	size := fieldSize(m.Size())
	for _, item := range items {
		size += fieldSize(len(item))
	}
	version, kind := empty.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: version, Kind: kind}}
	var b bytes.Buffer
	b.WriteString(protobufPrefix)
	at := 0
	_, err := unknown.MarshalToWriter(&b, size, func(io.Writer) (int, error) {
		meta, err := m.Marshal()
		b.Write(appendField(nil, fieldOne, len(meta)))
		b.Write(meta)
		at = b.Len() // where the items belong
		return size, err
	})
	return around{head: b.Bytes()[:at], tail: b.Bytes()[at:], lead: protobufLead}, err == nil
}

func protobufLead(to []byte, _ bool, item []byte) []byte { return appendField(to, fieldTwo, len(item)) }
