package api

import (
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
)

// Node ports by the default of kube-apiserver; the first ones are for those who ask for one, by calculateRangeOffset.
const (
	firstNodePort  = 30000
	lastNodePort   = 32767
	lowerNodePorts = 86
	// dryNodePort is before what a dry run shows.
	dryNodePort = 32768
)

// portOperation gives out ports for one write.
type portOperation struct {
	api    *API
	s      *corev1.Service
	dryRun bool
	taken  []int32 // by the operation
}

// allocatePorts gives a service the node ports that it lacks, and the port of its health check, as txnAllocNodePorts and
// txnUpdateNodePorts do. Ports that it gives up are free once it is stored.
func (a *API) allocatePorts(s, old *corev1.Service, dryRun bool) error {
	op := &portOperation{api: a, s: s, dryRun: dryRun}
	if hasNodePorts(s) {
		allocate := op.create
		if old != nil {
			allocate = func() error { return op.update(nodePortsOf(old)) }
		}
		if err := allocate(); err != nil {
			return err
		}
	}
	if !needsHealthCheck(s) || old != nil && needsHealthCheck(old) {
		return nil
	}
	return op.healthCheck()
}

func hasNodePorts(s *corev1.Service) bool {
	return s.Spec.Type == corev1.ServiceTypeNodePort || s.Spec.Type == corev1.ServiceTypeLoadBalancer
}

// needsHealthCheck is NeedsHealthCheck of pkg/api/service.
func needsHealthCheck(s *corev1.Service) bool {
	return s.Spec.Type == corev1.ServiceTypeLoadBalancer && s.Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
}

func nodePortsOf(s *corev1.Service) []int32 {
	var ports []int32
	for i := range s.Spec.Ports {
		if port := s.Spec.Ports[i].NodePort; port != 0 {
			ports = append(ports, port)
		}
	}
	return ports
}

// wanted is shouldAllocateNodePorts: a load balancer may do without.
func (op *portOperation) wanted() bool {
	return op.s.Spec.Type == corev1.ServiceTypeNodePort || ptr.Deref(op.s.Spec.AllocateLoadBalancerNodePorts, true)
}

// create is initNodePorts: ports of the same number, for several protocols, share a node port.
func (op *portOperation) create() error {
	shared := map[int32]int32{}
	ports := op.s.Spec.Ports
	for i := range ports {
		p := &ports[i]
		if p.NodePort == 0 && !op.wanted() {
			continue
		}
		has := shared[p.Port]
		switch {
		case has == p.NodePort && has != 0:
		case has == 0:
			if err := op.first(i); err != nil {
				return err
			}
			shared[p.Port] = p.NodePort
		case p.NodePort == 0:
			p.NodePort = has
		default:
			if err := op.take(i, p.NodePort); err != nil {
				return err
			}
		}
	}
	return nil
}

// first gives the i-th port the node port that it or a later one of its number asks for, else any.
func (op *portOperation) first(i int) (err error) {
	ports := op.s.Spec.Ports
	p := &ports[i]
	asking := slices.IndexFunc(ports, func(other corev1.ServicePort) bool { return other.Port == p.Port && other.NodePort != 0 })
	if asking < 0 {
		p.NodePort, err = op.any()
		if err != nil {
			return apierrors.NewInternalError(fmt.Errorf("failed to allocate a nodePort: %w", err))
		}
		return nil
	}
	p.NodePort = ports[asking].NodePort
	return op.take(i, p.NodePort)
}

// update is updateNodePorts.
func (op *portOperation) update(old []int32) error {
	type seen struct {
		protocol corev1.Protocol
		port     int32
	}
	all := map[seen]bool{}
	ports := op.s.Spec.Ports
	for i := range ports {
		p := &ports[i]
		switch {
		case p.NodePort == 0 && !op.wanted():
			continue
		case p.NodePort == 0:
			port, err := op.any()
			if err != nil {
				return apierrors.NewInternalError(fmt.Errorf("failed to allocate a nodePort: %w", err))
			}
			p.NodePort = port
		case !slices.Contains(old, p.NodePort) && !slices.Contains(op.taken, p.NodePort):
			if err := op.take(i, p.NodePort); err != nil {
				return err
			}
		}
		is := seen{p.Protocol, p.NodePort}
		if all[is] {
			return fmt.Errorf("duplicate nodePort: {%s %d}", is.protocol, is.port)
		}
		all[is] = true
	}
	return nil
}

// healthCheck is allocHealthCheckNodePort.
func (op *portOperation) healthCheck() error {
	port := op.s.Spec.HealthCheckNodePort
	if port != 0 {
		if problem := op.problem(port); problem != "" {
			return apierrors.NewInternalError(fmt.Errorf("failed to allocate requested HealthCheck NodePort %v: %v", port, problem))
		}
		return nil
	}
	port, err := op.any()
	if err != nil {
		return apierrors.NewInternalError(fmt.Errorf("failed to allocate a HealthCheck NodePort %v: %w", 0, err))
	}
	op.s.Spec.HealthCheckNodePort = port
	return nil
}

// take gives out a port that was asked for.
func (op *portOperation) take(i int, port int32) error {
	if problem := op.problem(port); problem != "" {
		return invalidService(op.s, field.Invalid(field.NewPath("spec", "ports").Index(i).Child("nodePort"), port, problem))
	}
	op.taken = append(op.taken, port)
	return nil
}

// problem is why a port cannot be had. A dry run does not mind the range.
func (op *portOperation) problem(port int32) string {
	if !op.dryRun && (port < firstNodePort || port > lastNodePort) {
		return fmt.Sprintf("provided port is not in the valid range. The range of valid ports is %d-%d", firstNodePort, lastNodePort)
	}
	if !op.isFree(port) {
		return fmt.Sprintf(textAllocated, "port")
	}
	return ""
}

func (op *portOperation) isFree(port int32) bool {
	x := op.api.services
	x.mu.Lock()
	defer x.mu.Unlock()
	_, taken := x.ports[port]
	return !taken && !slices.Contains(op.taken, port)
}

// any gives out a port of the upper part of the range, or of the lower one if that is full. A dry run gives out none: it counts up.
func (op *portOperation) any() (int32, error) {
	if op.dryRun {
		port := int32(dryNodePort)
		if len(op.taken) > 0 {
			port = slices.Max(op.taken)
		}
		op.taken = append(op.taken, port+1)
		return port + 1, nil
	}
	random := op.api.draws.next("node port of service " + op.s.Namespace + "/" + op.s.Name)
	for _, part := range []struct{ from, n int32 }{
		{firstNodePort + lowerNodePorts, lastNodePort - firstNodePort + 1 - lowerNodePorts}, {firstNodePort, lowerNodePorts},
	} {
		start := random.Int32N(part.n)
		for i := range part.n {
			if port := part.from + (start+i)%part.n; op.isFree(port) {
				op.taken = append(op.taken, port)
				return port, nil
			}
		}
	}
	return 0, errors.New(textFull)
}
