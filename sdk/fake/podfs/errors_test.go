package podfs

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// TestErrorsAreTheStandardOnes holds that programs can ask about errors as they do of package os.
func TestErrorsAreTheStandardOnes(t *testing.T) {
	f := volume(t, map[string]string{"d/f": ""}).FS()
	_, missing := f.Stat("gone")
	exists := f.Mkdir("d", 0o755)
	full := f.Remove("d")
	denied := f.As(Credentials{UID: 5}).Chmod("d", 0)
	equal(t, true, os.IsNotExist(missing) && errors.Is(missing, fs.ErrNotExist))
	equal(t, true, os.IsExist(exists) && errors.Is(exists, fs.ErrExist))
	equal(t, true, os.IsExist(full))
	equal(t, true, os.IsPermission(denied) && errors.Is(denied, fs.ErrPermission))
	words(t, "stat gone: no such file or directory", missing)
	words(t, "remove d: directory not empty", full)
	words(t, "rename d/f d: file exists", f.Rename("d/f", "d"))
}
