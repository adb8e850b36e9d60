package main

import (
	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/examples/internal/anywhere"
)

// talk writes numbered lines, ten a second, and when it is told to end, how many they were. Counting and writing are one command, since
// a trap runs between two.
const talk = `
n=0
trap 'echo "bye $n"; exit 1' TERM
while :; do
  echo "line $((n=n+1))"
  sleep 0.1
done`

var talker = builders.Container("main", anywhere.Busybox).Command("sh", "-c", talk)

// talkers keeps three of them running, of one version.
func talkers(version string) builders.ReplicationControllerBuilder {
	return builders.ReplicationController("talkers-"+version).
		Replicas(3).
		Selector("version", version).
		Template(builders.Pod("").Label("app", "talkers").Label("version", version).
			TerminationGracePeriodSeconds(10).
			Containers(talker))
}
