// Package kubelet runs the pods that are bound to the nodes of a fake cluster: it pulls their images, which are Go
// functions, gives each container arguments, environment, network and log, restarts what ends, stops what is deleted,
// and writes status and events as a node's kubelet does.
//
// The one thing people get wrong: a Go function cannot be killed. When its grace period is over everything it holds
// fails - listeners, connections, writes to its log - and its pod goes on as if the process were dead, with exit code
// 137. If the function still does not return it is a stray: [Kubelet.Strays] names it, and [Kubelet.Run] waits for it
// only so long.
//
// One Kubelet plays all nodes of a cluster, so that an event costs the same with one node and with a hundred:
//
//	k := kubelet.New(kubelet.Config{API: a, Network: network, Images: images, Nodes: kubelet.Nodes(1)})
//	err := k.Register()
//	k.Run(ctx) // until ctx ends and all that it started has ended
//
// The way through the code: kubelet.go reads the API and hands each pod to its worker. worker.go is the loop of one pod,
// start.go and stop.go are what it decides, status.go and conditions.go what it reports. image.go pulls, env.go, files.go and
// volumes.go prepare what a container needs; instance.go is one run of a container, and process.go what runs in it: its own program,
// and what exec.go starts there. probe.go asks how a container is, hook.go carries out what it wants at its start and end, and
// serve.go and serve_exec.go are what the API server asks for.
// machine.go is what can happen to a node, lease.go what it says of itself, admit.go whether it takes a pod, and resize.go and restartall.go
// what becomes of one that is changed or fails as a whole.
//
// What it does not do stands in unsupported.go: a pod that asks for it is not started; its containers wait with the reason Unsupported
// and an event names the gap. Limits, capabilities and the like have no effect on a Go function and are ignored.
package kubelet
