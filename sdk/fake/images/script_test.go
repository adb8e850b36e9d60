package images_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestScripts holds the shell against what busybox's ash does. Lines of the log end the output, so that all of it ends in a line feed.
func TestScripts(t *testing.T) {
	inWorld(t, func(w world) {
		for i, tc := range []struct {
			rule, script, want string
			code               int32
		}{
			{"words", `echo hello   world; echo "a  b" 'c $HOME'`, "hello world\na  b c $HOME\n", 0},
			{"exit code of the last command", `true; false`, "", 1},
			{"exit", `exit 7; echo no`, "", 7},
			{"variables", `x=1; y="$x$x"; echo ${y} ${z:-none} ${#y} ${y%1}`, "11 none 2 1\n", 0},
			{"patterns of variables", `f=/a/b.tar.gz; echo ${f##*/} ${f%%.*} ${f#/} ${f%/*}`, "b.tar.gz /a/b a/b.tar.gz /a\n", 0},
			{"assignment by default", `: ${x:=5}; echo $x`, "5\n", 0},
			{"a variable that must be set", `echo ${x:?is missing}; echo no`, "sh: x: is missing\n", 2},
			{"arithmetic", `i=3; echo $((i*2+1)) $((i>2)) $((0x10)); i=$((i+1)); echo $i`, "7 1 16\n4\n", 0},
			{"substitution", `x=$(echo a; echo b); echo "$x" | wc -l; echo $(echo nested $(echo deep))`, "2\nnested deep\n", 0},
			{"status of a substitution", `x=$(exit 4); echo $?`, "4\n", 0},
			{"if", `if [ 1 -gt 2 ]; then echo a; elif test -d /tmp; then echo b; else echo c; fi`, "b\n", 0},
			{"for", `for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done`, "1\n3\n", 0},
			{"while and break", `i=0; while true; do i=$((i+1)); [ $i -ge 3 ] && break; done; echo $i`, "3\n", 0},
			{"until", `i=0; until [ $i -eq 2 ]; do i=$((i+1)); done; echo $i`, "2\n", 0},
			{"break of two loops", `for a in 1 2; do for b in 1 2; do echo $a$b; break 2; done; done`, "11\n", 0},
			{"case", `case foo.txt in *.jpg) echo j;; *.txt|*.md) echo t;; *) echo o;; esac`, "t\n", 0},
			{"functions", `f() { local x=2; echo $1 $# $x; return 3; }; x=1; f a b; echo $? $x`, "a 2 2\n3 1\n", 0},
			{"and, or, not", `true && echo a || echo b; false && echo c || echo d; ! true; echo $?`, "a\nd\n1\n", 0},
			{"pipeline", `printf 'b\na\nc\n' | sort | head -n 2`, "a\nb\n", 0},
			{"status of a pipeline", `false | true; echo $?; set -o pipefail; false | true; echo $?`, "0\n1\n", 0},
			{"a reader that has gone ends the writer", `yes | head -n 1`, "y\n", 0},
			{"a pipe to a loop is another process", `x=0; echo a | while read l; do x=$l; done; echo $x`, "0\n", 0},
			{"read", `printf 'a b c\nd\n' | { read x y; echo "$y,$x"; read z; echo $z; read q || echo end; }`, "b c,a\nd\nend\n", 0},
			{"read with IFS", `echo root:x:0 | while IFS=: read u p i; do echo $u $i; done`, "root 0\n", 0},
			{"redirections", `echo a >/tmp/f; echo b >>/tmp/f; cat </tmp/f; cat /nope 2>/dev/null; echo $?`, "a\nb\n1\n", 0},
			{"descriptors", `exec 3>/tmp/f; echo x >&3; exec 3>&-; cat /tmp/f; echo y >&3`, "x\nsh: 3: Bad file descriptor\n", 1},
			{"both streams to one file", `{ echo a; echo b >&2; } >/tmp/f 2>&1; sort /tmp/f`, "a\nb\n", 0},
			{"here-document", "x=1\ncat <<EOF\nv $x\nEOF\ncat <<'EOF'\nv $x\nEOF\n", "v 1\nv $x\n", 0},
			{"here-document with tabs", "cat <<-EOF\n\tv\n\tEOF\n", "v\n", 0},
			{"globs", `cd /tmp; touch a.x b.x c.y; echo *.x *.z`, "a.x b.x *.z\n", 0},
			{"no braces", `echo {a,b}`, "{a,b}\n", 0},
			{"parameters", `set -- a "b c"; echo $# "$2"; shift; echo "$@"; for x; do echo "[$x]"; done`, "2 b c\nb c\n[b c]\n", 0},
			{"-e", `set -e; false || echo go; if false; then :; fi; false; echo no`, "go\n", 1},
			{"-u", `set -u; echo $nope; echo no`, "sh: nope: parameter not set\n", 2},
			{"-x", `set -x; x=1; echo "a b"`, "+ x=1\n+ echo 'a b'\na b\n", 0},
			{"a command that is not there", `nope; echo $?`, "sh: nope: not found\n127\n", 0},
			{"a file that cannot be run", `echo x >/tmp/f; /tmp/f; echo $?; /tmp; echo $?`, "sh: /tmp/f: Permission denied\n126\nsh: /tmp: Permission denied\n126\n", 0},
			{"a script", "printf '#!/bin/sh\\necho $0 $1 $#\\nexit 5\\n' >/tmp/s; chmod +x /tmp/s; /tmp/s a b; echo $?", "/tmp/s a 2\n5\n", 0},
			{"a script without interpreter line", "echo 'echo plain' >/tmp/s; chmod +x /tmp/s; /tmp/s; sh /tmp/s", "plain\nplain\n", 0},
			{"a missing script", `sh /nope`, "sh: can't open '/nope': No such file or directory\n", 2},
			{"a mistake runs what stands before it", "echo a\nif true; then echo b\n", "a\nsh: syntax error: ", 2},
			{"subshell", `x=1; (x=2; cd /tmp; echo $x; exit 3); echo $? $x $PWD`, "2\n3 1 /\n", 0},
			{"exec", `exec echo replaced; echo no`, "replaced\n", 0},
			{"eval and dot", `eval 'x="1"'; echo 'y=2' >/tmp/v; . /tmp/v; echo $x$y`, "12\n", 0},
			{"environment of one command", `X=1 env | grep ^X; echo "[$X]"; export Y=2; sh -c 'echo $Y'`, "X=1\n[]\n2\n", 0},
			{"numbers of processes", `echo $$; sh -c 'echo $$'; (echo $$)`, "1\n2\n1\n", 0},
			{"background and wait", `(sleep 2; echo b) & echo a; wait; echo c $?`, "a\nb\nc 0\n", 0},
			{"wait for one", `sh -c 'exit 9' & wait $!; echo $?`, "9\n", 0},
			{"a job that is killed", `sleep 100 & kill $!; wait $!; echo $?`, "143\n", 0},
			{"kill by name", `sleep 100 & sleep 1; pidof sleep >/dev/null && killall sleep; wait; echo done`, "done\n", 0},
			{"EXIT trap", `trap 'echo bye $?' EXIT; exit 3`, "bye 3\n", 3},
			{"trap of a signal", `trap 'echo got' USR1; kill -USR1 $$; echo after; trap - USR1`, "got\nafter\n", 0},
			{"a signal ends wait", `trap 'echo got' TERM; (sleep 1; kill $$) & sleep 100 & wait $!; echo $?`, "got\n143\n", 0},
			{"an ignored signal", `trap '' TERM; sh -c 'kill $PPID; kill $$; echo alive'`, "alive\n", 0},
			{"timeout", `timeout 2 sleep 100; echo $?`, "Terminated\n143\n", 0},
			{"command -v", `command -v ls; command -v nope; echo $?; type cd`, "/bin/ls\n127\ncd is a shell builtin\n", 0},
			{"getopts", `set -- -a -b v x; while getopts ab: o; do echo $o $OPTARG; done; shift $((OPTIND-1)); echo $1`, "a\nb v\nx\n", 0},
			{"printf", `printf '%s-%03d|%5s|%-3s|%x\n' a 7 b c 255; printf '%s\n' 1 2`, "a-007|    b|c  |ff\n1\n2\n", 0},
			{"echo -e and -n", `echo -n a; echo -e 'b\tc\n'`, "ab\tc\n\n", 0},
			{"readonly", `readonly x=1; x=2; echo no`, "sh: x: is read only\n", 2},
			{"unset", `x=1; unset x; echo "[${x-unset}]"`, "[unset]\n", 0},
			{"status is that of the last command", `(exit 5); echo $?; echo $?`, "5\n0\n", 0},
			{"loop with a redirection", `while read l; do echo "<$l>"; done </etc/hostname | sed 's/c[0-9]*/pod/'`, "<pod>\n", 0},
			{"xargs", `echo a b c | xargs -n 1 echo x`, "x a\nx b\nx c\n", 0},
			{"arrays are of bash", `a=(1 2)`, "sh: syntax error: unexpected \"(\"\n", 2},
			{"output to /dev/stderr", `echo a >/dev/stderr; echo b >/dev/stdout; echo c | tee /dev/stderr >/dev/null`, "a\nb\nc\n", 0},
			{"cd", `cd /tmp && pwd; cd /nope; echo $?; cd - >/dev/null; pwd`, "/tmp\nsh: cd: line 1: can't cd to /nope: No such file or directory\n2\n/\n", 0},
			{"special parameters", `sh -c 'echo $0 $1' name arg`, "name arg\n", 0},
			{"random names of files", `f=$(mktemp); [ -f $f ] && echo ok; d=$(mktemp -d); [ -d $d ] && echo ok`, "ok\nok\n", 0},
		} {
			got, code := w.outcome(command(fmt.Sprintf("c%d", i), "busybox", "sh", "-c", strings.ReplaceAll(tc.script, "$$", "$$$$"))) // as a manifest has to write it
			if len(tc.want) > 0 && tc.want[len(tc.want)-1] != '\n' && len(got) > len(tc.want) {
				got = got[:len(tc.want)]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || code != tc.code {
				w.Errorf("%s: exit code %d, want %d\n%s\n%s", tc.rule, code, tc.code, tc.script, diff)
			}
		}
	})
}
