package main

import (
	"context"
	"fmt"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/controller-manager/pkg/informerfactory"
	"k8s.io/kubernetes/pkg/controller/deployment"
	"k8s.io/kubernetes/pkg/controller/endpointslice"
	"k8s.io/kubernetes/pkg/controller/garbagecollector"
	"k8s.io/kubernetes/pkg/controller/namespace"
	"k8s.io/kubernetes/pkg/controller/replicaset"
	"k8s.io/kubernetes/pkg/controller/serviceaccount"
	"k8s.io/kubernetes/pkg/controller/statefulset"
)

const (
	workers = 5
	resync  = 10 * time.Minute
)

// runControllers runs the controllers of kube-controller-manager that concern workloads, until the process is ended.
func runControllers(kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return fmt.Errorf("Expected a kubeconfig in %s, but %w", kubeconfig, err)
	}
	config.QPS, config.Burst = 500, 1000
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx := context.Background()
	shared := informers.NewSharedInformerFactory(client, resync)
	starts, err := workloads(ctx, client, shared)
	if err != nil {
		return err
	}
	more, err := housekeeping(ctx, config, client, shared)
	if err != nil {
		return err
	}
	for _, start := range append(starts, more...) {
		go start()
	}
	shared.Start(ctx.Done())
	<-ctx.Done()
	return nil
}

// workloads are the controllers that make pods and say which of them a service reaches.
func workloads(ctx context.Context, client kubernetes.Interface, shared informers.SharedInformerFactory) ([]func(), error) {
	apps, core := shared.Apps().V1(), shared.Core().V1()
	deployments, err := deployment.NewDeploymentController(
		ctx, apps.Deployments(), apps.ReplicaSets(), core.Pods(), client)
	if err != nil {
		return nil, err
	}
	replicas := replicaset.NewReplicaSetController(
		ctx, apps.ReplicaSets(), core.Pods(), client, replicaset.BurstReplicas)
	stateful := statefulset.NewStatefulSetController(
		ctx, core.Pods(), apps.StatefulSets(), core.PersistentVolumeClaims(), apps.ControllerRevisions(), client)
	endpoints := endpointslice.NewController(
		ctx, core.Pods(), core.Services(), core.Nodes(), shared.Discovery().V1().EndpointSlices(), 100, client, 0)
	return []func(){
		func() { deployments.Run(ctx, workers) },
		func() { replicas.Run(ctx, workers) },
		func() { stateful.Run(ctx, workers) },
		func() { endpoints.Run(ctx, workers) },
	}, nil
}

// housekeeping are the controllers that give namespaces their service account and delete what belongs to what is gone.
func housekeeping(ctx context.Context, config *rest.Config, client kubernetes.Interface,
	shared informers.SharedInformerFactory) ([]func(), error) {
	metadataClient, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	core := shared.Core().V1()
	accounts, err := serviceaccount.NewServiceAccountsController(
		core.ServiceAccounts(), core.Namespaces(), client, serviceaccount.DefaultServiceAccountsControllerOptions())
	if err != nil {
		return nil, err
	}
	namespaces := namespace.NewNamespaceController(ctx, client, metadataClient,
		client.Discovery().ServerPreferredNamespacedResources, core.Namespaces(), resync, v1.FinalizerKubernetes)
	started := make(chan struct{})
	close(started)
	collector, err := garbagecollector.NewGarbageCollector(ctx, client, metadataClient,
		restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery())),
		map[schema.GroupResource]struct{}{{Resource: "events"}: {}, {Group: "events.k8s.io", Resource: "events"}: {}},
		informerfactory.NewInformerFactory(shared, metadatainformer.NewSharedInformerFactory(metadataClient, resync)),
		started)
	if err != nil {
		return nil, err
	}
	return []func(){
		func() { accounts.Run(ctx, 1) },
		func() { namespaces.Run(ctx, workers) },
		func() { collector.Run(ctx, workers, time.Second) },
		func() { collector.Sync(ctx, client.Discovery(), 30*time.Second) },
	}, nil
}
