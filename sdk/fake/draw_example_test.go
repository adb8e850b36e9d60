package fake_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk/fake"
)

// A picture for the browser, of all that is there; and of the pods by their labels.
func ExampleCluster_Draw() {
	cluster, err := fake.Start(fake.UnknownImages(fake.Pause))
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	pod := builders.Pod("crane").Label("app", "crane").Containers(builders.Container("crane", "heejeong/crane")).MustBuild()
	if err := cluster.Client().Run(context.Background(), pod); err != nil {
		log.Fatal(err)
	}

	var picture bytes.Buffer // or a file whose name ends in .svg
	if err := cluster.Draw(&picture, fake.DrawTitle("The chapter's pod")); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(picture.Bytes(), []byte("pod crane, Running, 10.244.0.1, app=crane, on node minikube")))

	if err := cluster.Draw(&picture, fake.DrawByLabel("app", "rel")); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(picture.Bytes(), []byte("pod crane, Running, app=crane, no rel")))
	// Output:
	// true
	// true
}
