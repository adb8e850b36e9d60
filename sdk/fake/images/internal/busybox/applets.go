package busybox

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/shell"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// applets are the commands by name. It is filled by init, since some look into it.
var applets map[string]unix.Command

func init() {
	applets = map[string]unix.Command{
		"sh": shell.Main, "ash": shell.Main, "hush": shell.Main,

		"cat": cat, "tac": tac, "head": head, "tail": tail, "wc": wc, "tee": tee, "rev": rev, "nl": nl, "fold": fold, "paste": paste,
		"sort": sortLines, "uniq": uniq, "cut": cut, "tr": tr, "comm": comm, "expand": expandTabs, "unexpand": unexpandTabs, "shuf": shuf, "strings": stringsOf, "diff": diffCommand, "cmp": cmpFiles,
		"grep": grep, "egrep": grep, "fgrep": grep, "sed": sed, "awk": awk,
		"ls": ls, "cp": cp, "mv": mv, "rm": rm, "rmdir": rmdir, "mkdir": mkdir, "ln": ln, "touch": touch, "truncate": truncate,
		"chmod": chmod, "chown": chown, "chgrp": chown, "stat": stat, "find": find, "du": du, "df": df, "mktemp": mktemp, "fallocate": fallocate, "mkfifo": mkfifo,
		"readlink": readlink, "realpath": realpath, "basename": basename, "dirname": dirname, "which": which, "install": install,
		"mount": mount, "mountpoint": mountpoint, "sync": nothing, "dd": dd, "od": od, "hexdump": hexdump, "hd": hexdump, "xxd": xxd,
		"md5sum": md5sum, "sha1sum": sha1sum, "sha256sum": sha256sum, "sha512sum": sha512sum, "base64": base64Text,
		"tar": tarCommand, "gzip": gzipFiles, "gunzip": gzipFiles, "zcat": gzipFiles,
		"echo": echo, "printf": printf, "seq": seq, "factor": factor, "yes": yes, "expr": expr, "true": nothing, "false": failure, "test": test, "[": test, "[[": test,
		"env": env, "printenv": printenv, "pwd": pwd, "id": id, "whoami": whoami, "groups": groups, "hostname": hostname, "uname": uname,
		"arch": arch, "nproc": nproc, "date": date, "uptime": uptime, "tty": tty, "less": pager, "more": pager, "clear": clearScreen, "stty": nothing, "free": free,
		"ps": ps, "kill": kill, "killall": killall, "pidof": pidof, "pgrep": pgrep, "pkill": pgrep, "sleep": sleep, "usleep": usleep,
		"timeout": timeout, "nohup": nohup, "nice": nice, "xargs": xargs, "watch": watch, "time": timeCommand, "setsid": nohup,
		"wget": wget, "nc": nc, "nslookup": nslookup, "httpd": httpd, "ping": ping, "telnet": nc, "ip": ip, "ifconfig": ip, "netstat": netstat,
		"busybox": list,
	}
	for _, name := range []string{"echo", "printf", "true", "false", "test", "["} {
		shell.Builtins[name] = applets[name]
	}
	shell.Builtins["/kill"] = kill
}

// Main is the file busybox, called by the name of a command, or by its own with the command as first argument.
func Main(ctx context.Context, p *unix.Proc) int {
	name := strings.TrimPrefix(path.Base(p.Args[0]), "-")
	if strings.HasPrefix(name, "busybox") && len(p.Args) > 1 && !strings.HasPrefix(p.Args[1], "-") {
		name = p.Args[1]
		p.Args = p.Args[1:]
	}
	if strings.HasPrefix(name, "busybox") {
		name = "busybox"
	}
	if name == "bash" || name == "dash" {
		name = "sh"
	}
	c, ok := applets[name]
	if !ok {
		fmt.Fprintf(p.Stderr, "%s: applet not found\n", name)
		return unix.CodeNotFound
	}
	return c(ctx, p)
}

// Names lists the commands, sorted.
func Names() []string { return slices.Sorted(maps.Keys(applets)) }

func list(_ context.Context, p *unix.Proc) int {
	if len(p.Args) > 1 && p.Args[1] == "--list" {
		for _, name := range Names() {
			p.Printf("%s\n", name)
		}
		return 0
	}
	p.Printf("BusyBox v1.37.0 (podwright) multi-call binary.\n\nCurrently defined functions:\n\t%s\n", strings.Join(Names(), ", "))
	return 0
}

func nothing(context.Context, *unix.Proc) int { return 0 }

func failure(context.Context, *unix.Proc) int { return 1 }
