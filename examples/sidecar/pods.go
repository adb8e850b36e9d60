package main

import (
	"github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
)

// The names of containers, and of the volume that they mount.
const (
	serverName = "server"
	pullerName = "puller"
	content    = "content"
)

// originPod is a pod of one container, somewhere else in the cluster.
func originPod() builders.PodBuilder {
	return builders.Pod("origin").Containers(builders.Container("origin", originImage).Port("http", 8080))
}

// webPod is the pod of two. They belong together: the puller is of no use without the server that it feeds, runs where that
// runs, and there is to be one for each.
func webPod(source string) builders.PodBuilder {
	server := builders.Container(serverName, serverImage).
		Port("http", 8080).
		MountReadOnly(content, "/usr/share/web")
	puller := builders.Container(pullerName, pullerImage).
		Setenv("SOURCE", source).
		Mount(content, "/pulled")
	return builders.Pod("web").
		Label("app", "web").
		Containers(server, puller).
		EmptyDir(content)
}

// strangerPod looks at the web pod from outside, once.
func strangerPod(ip string) builders.PodBuilder {
	return builders.Pod("stranger").
		Containers(builders.Container("stranger", strangerImage).Setenv("POD", ip)).
		RestartPolicy(corev1.RestartPolicyNever)
}
