package podfs

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"
)

// BenchmarkReadFile is beside fstest.MapFS and the operating system.
func BenchmarkReadFile(b *testing.B) {
	content := bytes.Repeat([]byte("x"), 4096)
	image := fstest.MapFS{"srv/www/index.html": {Data: content, Mode: 0o644}}
	_, lower := container(b, image)
	upper := NewTree(TreeOptions{}).FS()
	ok(b, upper.MkdirAll("srv/www", 0o755))
	ok(b, upper.WriteFile("srv/www/index.html", content, 0o644))
	dir := b.TempDir()
	ok(b, os.CopyFS(dir, image))
	for _, row := range []struct {
		name string
		fs   fs.FS
	}{{"image", lower}, {"written", upper}, {"MapFS", image}, {"os", os.DirFS(dir)}} {
		b.Run(row.name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := fs.ReadFile(row.fs, "srv/www/index.html"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWriteFile is beside the operating system; a MapFS cannot be written.
func BenchmarkWriteFile(b *testing.B) {
	content := bytes.Repeat([]byte("x"), 4096)
	f := NewTree(TreeOptions{}).FS()
	dir := b.TempDir()
	for _, row := range []struct {
		name  string
		write func() error
	}{
		{"podfs", func() error { return f.WriteFile("f", content, 0o644) }},
		{"os", func() error { return os.WriteFile(dir+"/f", content, 0o644) }},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				ok(b, row.write())
			}
		})
	}
}

// BenchmarkAppend is what a log costs.
func BenchmarkAppend(b *testing.B) {
	f := NewTree(TreeOptions{}).FS()
	file, err := f.Create("log")
	ok(b, err)
	line := []byte("2026-01-01T00:00:00Z GET /index.html 200\n")
	b.SetBytes(int64(len(line)))
	for i := 0; b.Loop(); i++ {
		if _, err := file.Write(line); err != nil {
			b.Fatal(err)
		}
		if i%100_000 == 0 {
			ok(b, file.Truncate(0))
			_, err := file.Seek(0, 0)
			ok(b, err)
		}
	}
}

// BenchmarkPod is what the usual pod costs: one container with /dev, an emptyDir and the service account's volume.
func BenchmarkPod(b *testing.B) {
	image := NewImage(website)
	payload := Payload{}
	for _, name := range [...]string{"ca.crt", "namespace", "token"} {
		payload[name] = PayloadFile{Data: make([]byte, 100), Mode: 0o644}
	}
	b.ReportAllocs()
	for b.Loop() {
		account, err := NewProjected(payload, nil, 1)
		ok(b, err)
		ns := NewNamespace(NewTree(TreeOptions{Image: image}), NamespaceOptions{})
		ok(b, ns.Mount(
			Mount{Path: "/dev", Volume: NewDev(1)},
			Mount{Path: "/cache", Volume: NewEmptyDir(EmptyDirOptions{})},
			Mount{Path: "/var/run/secrets/kubernetes.io/serviceaccount", Volume: account}))
	}
}

// BenchmarkContainer is what one more container of an image costs until its program begins.
func BenchmarkContainer(b *testing.B) {
	files := fstest.MapFS{}
	for i := range 1000 {
		files[fmt.Sprintf("usr/lib/%d.so", i)] = &fstest.MapFile{Data: make([]byte, 1<<10)}
	}
	image := NewImage(files)
	b.ReportAllocs()
	for b.Loop() {
		NewNamespace(NewTree(TreeOptions{Image: image}), NamespaceOptions{}).FS(Credentials{}, "/")
	}
}
