package types_test

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/types"
)

func ExampleExplain() {
	text, err := types.Explain("pod.spec.containers.ports")
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(text) {
		if strings.Contains(line, "\t<") { // the texts are long
			fmt.Print(line)
		}
	}
	_, err = types.Explain("pod.spec.containres")
	fmt.Println(err)
	// Output:
	//   containerPort	<integer> -required-
	//   hostIP	<string>
	//   hostPort	<integer>
	//   name	<string>
	//   protocol	<string>
	// explain pod.spec.containres: PodSpec has no field "containres", did you mean "containers"?
}
