package busybox

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"io"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func md5sum(ctx context.Context, p *unix.Proc) int    { return checksum(ctx, p, md5.New) }
func sha1sum(ctx context.Context, p *unix.Proc) int   { return checksum(ctx, p, sha1.New) }
func sha256sum(ctx context.Context, p *unix.Proc) int { return checksum(ctx, p, sha256.New) }
func sha512sum(ctx context.Context, p *unix.Proc) int { return checksum(ctx, p, sha512.New) }

func checksum(ctx context.Context, p *unix.Proc, make func() hash.Hash) int {
	o := parse(p, "csbtw", "check=c", "status=s")
	if o == nil {
		return 1
	}
	sum := func(r io.Reader) (string, error) {
		h := make()
		_, err := io.Copy(h, r)
		return hex.EncodeToString(h.Sum(nil)), err
	}
	if !o.has("c") {
		return eachInput(ctx, p, o.rest, func(name string, r io.Reader) error {
			s, err := sum(r)
			if err == nil {
				p.Printf("%s  %s\n", s, name)
			}
			return err
		})
	}
	lines, code := allLines(ctx, p, o.rest)
	count, bad := 0, 0
	for _, line := range lines {
		want, name, ok := strings.Cut(line, " ")
		if name = strings.TrimLeft(name, " *"); !ok {
			continue
		}
		count++
		result := "FAILED"
		if r, closeIt, ok := openInput(ctx, p, name); ok {
			if got, err := sum(r); err == nil && strings.EqualFold(got, want) {
				result = "OK"
			}
			closeIt()
		}
		if result != "OK" {
			bad++
			code = 1
		}
		if !o.has("s") {
			p.Printf("%s: %s\n", name, result)
		}
	}
	if bad > 0 && !o.has("s") {
		p.Errorf("WARNING: %d of %d computed checksums did NOT match", bad, count)
	}
	return code
}

func base64Text(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "diw:", "decode=d", "wrap=w")
	if o == nil {
		return 1
	}
	width, ok := o.number(p, "w", 76)
	if !ok {
		return 1
	}
	return eachInput(ctx, p, o.rest, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if o.has("d") {
			text := bytes.Map(func(r rune) rune {
				if strings.ContainsRune(" \t\r\n", r) {
					return -1
				}
				return r
			}, data)
			out, err := base64.StdEncoding.DecodeString(string(text))
			_, _ = p.Stdout.Write(out)
			return err
		}
		text := base64.StdEncoding.EncodeToString(data)
		for width > 0 && len(text) > width {
			p.Printf("%s\n", text[:width])
			text = text[width:]
		}
		p.Printf("%s", text)
		if width > 0 {
			p.Printf("\n")
		}
		return nil
	})
}
