// Command control-plane is the part of Kubernetes that the tests of the target need, in one program: the API server as it
// is released, and of the controllers those that turn what was applied into pods. It is built once and kept.
package main

import (
	"fmt"
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("Expected 'apiserver' or 'controllers', but found no argument")
	}
	part := os.Args[1]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	switch part {
	case "apiserver":
		os.Exit(cli.Run(app.NewAPIServerCommand()))
	case "controllers":
		if len(os.Args) != 2 {
			fail("Expected the path of a kubeconfig, but found %d arguments", len(os.Args)-1)
		}
		if err := runControllers(os.Args[1]); err != nil {
			fail("%v", err)
		}
	default:
		fail("Expected 'apiserver' or 'controllers', but found '%s'", part)
	}
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(2)
}
