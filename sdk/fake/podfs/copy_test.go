package podfs

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestCopyFS(t *testing.T) {
	f := NewTree(TreeOptions{}).FS()
	ok(t, f.CopyFS("/site", website))
	has(t, f, "/site/srv/index.html", "<h1>hello</h1>")
	has(t, f, "/site/usr/sbin/nginx", "ELF")
	equal(t, "-rw-rw-rw-", mode(t, f, "/site/srv/index.html"))
	is(t, f.CopyFS("/site", website), fs.ErrExist)
	is(t, f.CopyFS("/other", fstest.MapFS{"pipe": {Mode: fs.ModeNamedPipe}}), fs.ErrInvalid)
}
