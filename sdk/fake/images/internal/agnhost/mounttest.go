package agnhost

import (
	"context"
	"flag"
	"io/fs"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/busybox"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// mounttestContent is what mounttest writes.
const mounttestContent = "mount-tester new file\n"

// mounttest writes files and tells of files, in the order in which its checks stand here.
func mounttest(f *flag.FlagSet) func(context.Context, *run) int {
	checks := []struct {
		flag string
		do   func(r *run, name string) error
	}{
		{"fs_type", fsType},
		{"new_file_0644", newFile(0o644)}, {"new_file_0666", newFile(0o666)}, {"new_file_0660", newFile(0o660)}, {"new_file_0777", newFile(0o777)},
		{"file_mode", fileMode}, {"file_perm", filePerm}, {"file_owner", fileOwner}, {"file_content", fileContent},
	}
	for _, c := range checks {
		f.String(c.flag, "", "a path")
	}
	loop := f.String("file_content_in_loop", "", "a path to read again and again")
	retry := f.Int("retry_time", 180, "for so many seconds")
	stop := f.Bool("break_on_expected_content", true, "or until its content is what mounttest writes")
	return func(ctx context.Context, r *run) int {
		code := 0
		for _, c := range checks {
			if name := f.Lookup(c.flag).Value.String(); name != "" && c.do(r, name) != nil {
				code = 1
			}
		}
		if *loop != "" && contentInLoop(ctx, r, *loop, time.Duration(*retry)*time.Second, *stop) != nil {
			code = 1
		}
		return code
	}
}

func fsType(r *run, name string) error {
	if _, err := r.FS().Stat(name); err != nil {
		r.Printf("error from statfs(%q): %v\n", name, cause(err))
		return err
	}
	kind := busybox.MountOf(r.Proc, name)
	if number, ok := fsMagic[kind]; ok {
		kind = strconv.FormatInt(number, 10)
	}
	r.Printf("mount type of %q: %s\n", name, kind)
	return nil
}

// fsMagic are the numbers of file systems that mounttest has no name for.
var fsMagic = map[string]int64{"ext4": 0xef53, "overlay": 0x794c7630, "proc": 0x9fa0}

// newFile writes a file with just that mode, which means without an umask.
func newFile(mode fs.FileMode) func(*run, string) error {
	return func(r *run, name string) error {
		if err := r.FS().WithUmask(0).WriteFile(name, []byte(mounttestContent), mode); err != nil {
			r.Printf("error writing new file %q: %v\n", name, err)
			return err
		}
		return fileContent(r, name)
	}
}

func fileContent(r *run, name string) error {
	data, err := r.FS().ReadFile(name)
	if err != nil {
		r.Printf("error reading file content for %q: %v\n", name, err)
		return err
	}
	r.Printf("content of file %q: %s\n", name, data)
	return nil
}

func fileMode(r *run, name string) error {
	info, err := stat(r, name)
	if err == nil {
		r.Printf("mode of file %q: %v\n", name, info.Mode())
	}
	return err
}

func filePerm(r *run, name string) error {
	info, err := stat(r, name)
	if err == nil {
		r.Printf("perms of file %q: %v\n", name, info.Mode().Perm())
	}
	return err
}

func stat(r *run, name string) (fs.FileInfo, error) {
	info, err := r.FS().Stat(name)
	if err != nil {
		r.Printf("error from Stat(%q): %v\n", name, err)
	}
	return info, err
}

func fileOwner(r *run, name string) error {
	info, err := r.FS().Stat(name)
	if err != nil {
		r.Printf("error from stat(%q): %v\n", name, cause(err))
		return err
	}
	s, ok := info.Sys().(*podfs.Stat)
	if ok {
		r.Printf("owner UID of %q: %v\nowner GID of %q: %v\n", name, s.UID, name, s.GID)
	}
	return nil
}

// cause is the error of the system call.
func cause(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err
	}
	return err
}

func contentInLoop(ctx context.Context, r *run, name string, retry time.Duration, stop bool) error {
	var err error
	for start := time.Now(); time.Since(start) < retry && ctx.Err() == nil; r.Pause(ctx, 2*time.Second) {
		var data []byte
		if data, err = r.FS().ReadFile(name); err != nil {
			r.Printf("Error reading file %s: %v, retrying\n", name, err)
			continue
		}
		r.Printf("content of file %q: %s\n", name, data)
		if !stop {
			continue
		}
		if string(data) == mounttestContent {
			break
		}
		r.Printf("Unexpected content. Expected: %s. Retrying\n", mounttestContent)
	}
	return err
}
