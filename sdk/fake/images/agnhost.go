package images

import (
	"context"
	_ "embed" // the certificate that the image brings along
	"syscall"
	"testing/fstest"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images/internal/agnhost"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func init() {
	unix.Register(programAgnhost, agnhost.Main)
	unix.Register(programPause, pauseCommand)
}

// Agnhost is what Kubernetes' own tests run: netexec, pause, porter, serve-hostname, entrypoint-tester, mounttest, logs-generator, connect,
// guestbook, liveness, test-webserver, port-forward-tester, grpc-health-checking, etc-hosts and dns-suffix, with a shell beside. Without
// arguments it pauses.
var Agnhost = newImage(
	[]string{"registry.k8s.io/e2e-test-images/agnhost", "k8s.gcr.io/e2e-test-images/agnhost"},
	tree(busyboxFiles("/bin"), fstest.MapFS{
		"agnhost":       program(programAgnhost),
		"agnhost-2":     link("agnhost"),
		"uploads":       directory(0o755),
		"localhost.crt": text(localhostCertificate),
		"localhost.key": text(localhostKey),
		"bin/bash":      link("/bin/busybox"),
		"usr/bin/curl":  program(programCurl),
		"etc/passwd": text("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n" +
			"user-defined-in-image:x:1000:1000::/home/user-defined-in-image:/bin/sh\n"),
		"etc/group": text("root:x:0:root\nnogroup:x:65533:\nnobody:x:65534:\nuser-defined-in-image:x:1000:\n" +
			"group-defined-in-image:x:50000:user-defined-in-image\n"),
	}),
	fake.Env("PATH="+standardPath), fake.Entrypoint("/agnhost"), fake.Cmd("pause"),
)

// Pause does nothing until it is told to stop. It has no shell, and no other command: kubectl exec fails in it.
var Pause = newImage(
	[]string{"registry.k8s.io/pause", "k8s.gcr.io/pause", "gcr.io/google-containers/pause", "gcr.io/google_containers/pause"},
	fstest.MapFS{"pause": program(programPause)},
	fake.Env("PATH="+standardPath), fake.Entrypoint("/pause"),
)

// The certificate for localhost that servers of agnhost use, made for this package and good for nothing else: anybody can read its key.
var (
	//go:embed files/localhost.crt
	localhostCertificate string
	//go:embed files/localhost.key
	localhostKey string
)

func pauseCommand(ctx context.Context, p *unix.Proc) int {
	stop := make(chan syscall.Signal, 1)
	p.Catch(func(s syscall.Signal) bool {
		if s != syscall.SIGINT && s != syscall.SIGTERM {
			return false
		}
		select {
		case stop <- s:
		default:
		}
		return true
	})
	select {
	case <-ctx.Done():
		return 1
	case <-stop:
		_, _ = p.Stderr.Write([]byte("Shutting down, got signal: Terminated\n"))
		return 0
	}
}
