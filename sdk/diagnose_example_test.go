package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// craneCluster has the image crane, whose program does not find its warehouse.
func craneCluster() (*fake.Cluster, error) {
	cluster, err := fake.Start()
	if err != nil {
		return nil, err
	}
	cluster.HandleFunc("crane", func(_ context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "looking for the warehouse at", p.Getenv("WAREHOUSE"))
		fmt.Fprintln(p.Stderr, "fatal: no warehouse there")
		return fake.Exit(3)
	})
	return cluster, nil
}

func cranePod(name string, variable corev1.EnvVar) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{
		RestartPolicy: corev1.RestartPolicyNever,
		Containers: []corev1.Container{{Name: "crane", Image: "crane", Env: []corev1.EnvVar{variable},
			ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"ready"}}}}}}}}
}

// Why does a pod not run? Its variable comes from a ConfigMap that nobody has made.
func ExampleClient_Diagnose() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cluster, err := craneCluster()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	client := cluster.Client()
	pod := cranePod("crane", corev1.EnvVar{Name: "WAREHOUSE", ValueFrom: &corev1.EnvVarSource{
		ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "places"}, Key: "warehouse"}}})
	if err := client.Create(ctx, pod); err != nil {
		fmt.Println(err)
		return
	}
	waits := func(obj sdk.Object) (bool, error) {
		s := obj.(*corev1.Pod).Status.ContainerStatuses
		return len(s) > 0 && s[0].State.Waiting != nil && s[0].State.Waiting.Reason == "CreateContainerConfigError", nil
	}
	if err := client.Wait(ctx, pod, sdk.Func(waits)); err != nil {
		fmt.Println(err)
		return
	}
	diagnosis, err := client.Diagnose(ctx, pod)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(diagnosis)
	for _, f := range diagnosis.Findings {
		fmt.Println(f.Severity, f.Reason, f.Subject)
	}
	// Output:
	// Pod default/crane is not running: container crane waits for the ConfigMap places, which is not there. Create it in namespace default, and the pod goes on.
	// problem ConfigMapMissing Pod default/crane container crane
}

// Run does not wait for what cannot come any more, and its error says why, with the last lines of the log.
func ExampleRunError() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cluster, err := craneCluster()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	err = cluster.Client().Run(ctx, cranePod("crane", corev1.EnvVar{Name: "WAREHOUSE", Value: "dock 7"}))
	var failed *sdk.RunError
	if errors.As(err, &failed) {
		fmt.Println(failed.Diagnosis)
		fmt.Println("it has ended:", errors.Is(err, sdk.ErrEnded))
	}
	// Output:
	// Pod default/crane has failed: container crane has ended, and should not have: it ended with exit code 3 (a code of the program's own). Its last lines may say why.
	//     crane crane | looking for the warehouse at dock 7
	//     crane crane | fatal: no warehouse there
	// it has ended: true
}
