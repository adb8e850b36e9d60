package images_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

// TestCommands holds the commands against what busybox prints. Each runs in a shell of its own, in an empty directory, with standard input
// from the third column.
func TestCommands(t *testing.T) {
	inWorld(t, func(w world) {
		for i, tc := range []struct {
			script, stdin, want string
			code                int32
		}{
			{`cat -n`, "a\nb\n", "     1\ta\n     2\tb\n", 0},
			{`cat - /nope`, "a\n", "a\ncat: can't open '/nope': No such file or directory\n", 1},
			{`tac`, "a\nb\n", "b\na\n", 0},
			{`head -2`, "a\nb\nc\n", "a\nb\n", 0},
			{`head -c 3; echo`, "abcdef", "abc\n", 0},
			{`tail -n 1`, "a\nb\n", "b\n", 0},
			{`tail -n +2`, "a\nb\nc\n", "b\nc\n", 0},
			{`wc`, "a b\nc\n", "        2         3         6\n", 0},
			{`wc -l`, "a\nb\n", "2\n", 0},
			{`tee f; cat f`, "x\n", "x\nx\n", 0},
			{`sort`, "b\na\nB\n", "B\na\nb\n", 0},
			{`sort -rn`, "2\n10\n1\n", "10\n2\n1\n", 0},
			{`sort -k2,2n -t:`, "a:10\nb:9\n", "b:9\na:10\n", 0},
			{`sort -u`, "b\na\nb\n", "a\nb\n", 0},
			{`sort -h`, "1M\n2K\n", "2K\n1M\n", 0},
			{`uniq -c`, "a\na\nb\n", "      2 a\n      1 b\n", 0},
			{`uniq -d`, "a\na\nb\n", "a\n", 0},
			{`cut -d: -f1,3`, "a:b:c\nplain\n", "a:c\nplain\n", 0},
			{`cut -c2-3`, "abcd\n", "bc\n", 0},
			{`tr a-z A-Z`, "abc\n", "ABC\n", 0},
			{`tr -d '[:digit:]'`, "a1b2\n", "ab\n", 0},
			{`tr -s ' '`, "a   b\n", "a b\n", 0},
			{`tr '\n' ,; echo`, "a\nb\n", "a,b,\n", 0},
			{`rev`, "abc\n", "cba\n", 0},
			{`nl`, "a\n\nb\n", "     1\ta\n       \n     2\tb\n", 0},
			{`fold -w 3`, "abcdef\n", "abc\ndef\n", 0},
			{`paste -s -d,`, "a\nb\n", "a,b\n", 0},
			{`grep b`, "abc\nx\n", "abc\n", 0},
			{`grep -v b`, "abc\nx\n", "x\n", 0},
			{`grep -c a; grep -q z`, "a\na\n", "2\n", 1},
			{`grep -n 'a\{2\}'`, "a\naa\n", "2:aa\n", 0},
			{`grep -E 'a+|z$' -o`, "baab z\n", "aa\nz\n", 0},
			{`grep -i ABC`, "xabcx\n", "xabcx\n", 0},
			{`grep -w a`, "ab\na b\n", "a b\n", 0},
			{`grep -A1 b`, "a\nb\nc\n", "b\nc\n", 0},
			{`grep -F 'a.c'`, "abc\na.c\n", "a.c\n", 0},
			{`mkdir d; echo hit >d/f; grep -r hit .`, "", "./d/f:hit\n", 0},
			{`grep x /nope`, "", "grep: can't open '/nope': No such file or directory\n", 2},
			{`sed s/a/b/`, "aa\n", "ba\n", 0},
			{`sed 's/\(a\)\(b\)/\2\1/g'`, "abab\n", "baba\n", 0},
			{`sed -E 's/(a+)/[\1]/'`, "xaa\n", "x[aa]\n", 0},
			{`sed -n '2,3p'`, "1\n2\n3\n4\n", "2\n3\n", 0},
			{`sed '/x/d'`, "a\nx\nb\n", "a\nb\n", 0},
			{`sed -e '1i\top' -e '$a end'`, "a\n", "top\na\nend\n", 0},
			{`sed 2q`, "1\n2\n3\n", "1\n2\n", 0},
			{`sed ':a;N;$!ba;s/\n/,/g'`, "a\nb\nc\n", "a,b,c\n", 0},
			{`sed 's|/|-|2'`, "a/b/c\n", "a/b-c\n", 0},
			{`cat >f; sed -i s/a/z/ f; cat f`, "a\n", "z\n", 0},
			{`awk '{print $2}'`, "a b\nc d\n", "b\nd\n", 0},
			{`awk -F: -v x=1 '{s+=$2} END {print s+x}'`, "a:1\nb:2\n", "4\n", 0},
			{`awk 'BEGIN {system("id")}'`, "", "awk: can't call system() due to NoExec\n", 2},
			{`ls`, "", "", 0},
			{`touch b a .h; ls; ls -A`, "", "a\nb\n.h\na\nb\n", 0},
			{`mkdir d; ls -d d; ls -F; ls /nope`, "", "d\nd/\nls: /nope: No such file or directory\n", 1},
			{`echo abc >f; chmod 640 f; ls -l f | cut -c1-43`, "", "-rw-r-----    1 root     root             4\n", 0},
			{`ln -s a l; ls -l l | sed 's/.*:.. //'; readlink l`, "", "l -> a\na\n", 0},
			{`echo a >f; cp f g; cat g; mv g h; cat h; ls`, "", "a\na\nf\nh\n", 0},
			{`mkdir -p a/b; echo x >a/b/f; cp -r a c; cat c/b/f; cp a d`, "", "x\ncp: omitting directory 'a'\n", 1},
			{`rm nope; rm -f nope; mkdir d; rm d; rm -r d; ls`, "", "rm: can't remove 'nope': No such file or directory\nrm: 'd' is a directory\n", 0},
			{`mkdir d; touch d/f; rmdir d; mkdir d`, "", "rmdir: 'd': Directory not empty\nmkdir: can't create directory 'd': File exists\n", 1},
			{`touch f; chmod u+x,go-r f; stat -c '%a %A %n %s' f`, "", "700 -rwx------ f 0\n", 0},
			{`touch f; chown 1000:2000 f; stat -c '%u:%g' f`, "", "1000:2000\n", 0},
			{`mkdir -p a/b; touch a/x.c a/b/y.c a/z; find . -name '*.c' | sort; find a -type d; find a -maxdepth 1 -type f | wc -l`, "",
				"./a/b/y.c\n./a/x.c\na\na/b\n2\n", 0},
			{`touch a b; find . -type f -exec echo f {} \; ; find . -name a -delete; ls`, "", "f ./a\nf ./b\nb\n", 0},
			{`echo $(basename /a/b.c .c) $(dirname /a/b.c) $(dirname x) $(dirname /x)`, "", "b /a . /\n", 0},
			{`ln -s /tmp l; readlink -f l/x; realpath l`, "", "/tmp/x\n/tmp\n", 0},
			{`mkdir d; cd d; realpath ../nope`, "", "/w/nope\n", 0},
			{`which ls nope`, "", "/bin/ls\n", 1},
			{`dd if=/dev/zero of=f bs=1k count=3 2>/dev/null; wc -c <f`, "", "3072\n", 0},
			{`dd bs=2 count=1 2>/dev/null`, "abc\n", "ab\n", 0},
			{`od -c`, "a\n", "0000000   a  \\n\n0000002\n", 0},
			{`hexdump -C`, "abc\n", "00000000  61 62 63 0a                                       |abc.|\n00000004\n", 0},
			{`xxd -p`, "abc", "616263\n", 0},
			{`md5sum`, "a\n", "60b725f10c9c85c70d97880dfe8191b3  -\n", 0},
			{`echo a >f; sha256sum f >s; sha256sum -c s`, "", "f: OK\n", 0},
			{`base64`, "hello", "aGVsbG8=\n", 0},
			{`base64 -d; echo`, "aGVsbG8=\n", "hello\n", 0},
			{`mkdir d; echo x >d/f; tar cf a.tar d; rm -r d; tar xf a.tar; cat d/f; tar tf a.tar`, "", "x\nd/\nd/f\n", 0},
			{`echo x >f; tar czf - f | tar tzf -`, "", "f\n", 0},
			{`echo x | gzip | gunzip; echo y >f; gzip f; ls; zcat f.gz`, "", "x\nf.gz\ny\n", 0},
			{`seq 3; seq -s, 1 2 5; seq -w 8 10`, "", "1\n2\n3\n1,3,5\n08\n09\n10\n", 0},
			{`expr 2 + 3 '*' 4; expr abc : 'a\(.\)'; expr 1 '>' 2`, "", "14\nb\n0\n", 1},
			{`test a = b; echo $?; [ -z "" -a -d / ] && echo ok; [ ! -e /nope ] && echo ok; [ 1 -lt x ]`, "", "1\nok\nok\nsh: x: bad number\n", 2},
			{`A=1 B=2 env -i C=3 env; printenv NOPE`, "", "C=3\n", 1},
			{`id; id -u; whoami`, "", "uid=0(root) gid=0(root) groups=0(root)\n0\nroot\n", 0},
			{`hostname; uname; uname -m; nproc`, "", "pod\nLinux\nx86_64\n1\n", 0},
			{`date -u -d @0 +%Y-%m-%dT%H:%M:%S; date +%Y; date -d '2020-02-03 04:05:06' +%s`, "", "1970-01-01T00:00:00\n2000\n1580702706\n", 0},
			{`sleep 0.5; sleep x`, "", "sleep: invalid number 'x'\n", 1},
			{`sleep 100 & sleep 1; ps -o user,args | grep '[s]leep'; kill %1`, "", "root     sleep 100\n", 0},
			{`kill -l 15; kill 999`, "", "TERM\nsh: can't kill pid 999: No such process\n", 1},
			{`xargs echo`, "a 'b c'\nd\n", "a b c d\n", 0},
			{`xargs -I{} echo '<{}>'`, "a b\nc\n", "<a b>\n<c>\n", 0},
			{`find /etc -name hostname | xargs -r grep -c .`, "", "1\n", 0},
			{`mkfifo p; cat p & echo through >p; wait`, "", "through\n", 0},
			{`diff a b`, "", "diff: can't open 'a': No such file or directory\n", 2},
			{`echo 1 >a; echo 2 >b; cmp a b; cmp -s a a`, "", "a b differ: char 1, line 1\n", 0},
			{`truncate -s 1k f; du -k f; stat -c %s f`, "", "4\tf\n1024\n", 0},
			{`busybox echo hi; busybox nope`, "", "hi\nnope: applet not found\n", 127},
			{`ls --nope`, "", "ls: unrecognized option: --nope\n", 1},
			{`nc -z localhost 81; echo $?; nc -lp 81 -e cat & sleep 1; echo hi | nc localhost 81; wget -qO- http://nope/`, "",
				"nc: can't connect to remote host (localhost): Connection refused\n1\nhi\nwget: bad address 'nope'\n", 1},
			{`mkdir h; echo page >h/index.html; httpd -h /w/h -p 8080; wget -qO- localhost:8080; wget -qO- localhost:8080/x; wget -q --spider localhost:8080`, "",
				"page\nwget: server returned error: HTTP/1.1 404 Not Found\n", 0},
			{`nslookup $(hostname) | tail -n +4 | head -1; grep -c nameserver /etc/resolv.conf; ping x`, "",
				"Name:\tpod\n1\nping: permission denied: this network has no ICMP; try nc -z HOST PORT\n", 1},
		} {
			// The script goes through the environment, where the kubelet leaves $ alone only if it is doubled.
			pod := command(fmt.Sprintf("c%d", i), "busybox", "sh", "-c", `mkdir /w; cd /w; printf %s "$SCRIPT" >/run.sh; printf %s "$IN" | exec sh /run.sh`)
			pod.Spec.Hostname = "pod"
			double := func(s string) string { return strings.ReplaceAll(s, "$", "$$") }
			pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "SCRIPT", Value: double(tc.script)}, {Name: "IN", Value: double(tc.stdin)}}
			got, code := w.outcome(pod)
			if diff := cmp.Diff(tc.want, got); diff != "" || code != tc.code {
				w.Errorf("%s: exit code %d, want %d\n%s", tc.script, code, tc.code, diff)
			}
		}
	})
}
