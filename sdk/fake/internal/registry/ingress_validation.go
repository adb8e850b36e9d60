package registry

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	netutils "k8s.io/utils/net"
)

// ingressAllowance is what an update may keep because it was stored before there was a rule against it: IngressValidationOptions.
type ingressAllowance struct{ secretNames, wildcardRules bool }

// ingressErrors is ValidateIngressCreate.
func ingressErrors(i *networkingv1.Ingress) field.ErrorList {
	errs := ingressSpecErrors(i, ingressAllowance{})
	annotation, ok := i.Annotations[ingressClassAnnotation]
	if class := i.Spec.IngressClassName; ok && class != nil && annotation != *class {
		at := field.NewPath("annotations").Child(ingressClassAnnotation)
		errs = append(errs, field.Invalid(at, annotation, "must match `ingressClassName` when both are specified"))
	}
	return errs
}

// ingressUpdateErrors is ValidateIngressUpdate.
func ingressUpdateErrors(i, old *networkingv1.Ingress) field.ErrorList {
	var allow ingressAllowance
	for _, tls := range old.Spec.TLS {
		allow.secretNames = allow.secretNames || len(secretNameErrors(nil, tls.SecretName)) > 0
	}
	for _, rule := range old.Spec.Rules {
		allow.wildcardRules = allow.wildcardRules || strings.Contains(rule.Host, "*") && len(ingressPathsErrors(nil, rule.HTTP)) > 0
	}
	return append(metaUpdateErrors(&i.ObjectMeta, &old.ObjectMeta), ingressSpecErrors(i, allow)...)
}

// ingressSpecErrors is validateIngress.
func ingressSpecErrors(i *networkingv1.Ingress, allow ingressAllowance) field.ErrorList {
	errs := apivalidation.ValidateObjectMeta(&i.ObjectMeta, true, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	spec, at := &i.Spec, field.NewPath("spec")
	if len(spec.Rules) == 0 && spec.DefaultBackend == nil {
		errs = append(errs, field.Invalid(at, spec.Rules, "either `defaultBackend` or `rules` must be specified"))
	}
	if spec.DefaultBackend != nil {
		errs = append(errs, ingressBackendErrors(at.Child("defaultBackend"), spec.DefaultBackend)...)
	}
	for n, rule := range spec.Rules {
		one := at.Child("rules").Index(n)
		errs = append(errs, ingressRuleHostErrors(one.Child("host"), rule.Host)...)
		if !allow.wildcardRules || !strings.Contains(rule.Host, "*") {
			errs = append(errs, ingressPathsErrors(one.Child("http"), rule.HTTP)...)
		}
	}
	for n, tls := range spec.TLS {
		one := at.Child("tls").Index(n)
		for h, host := range tls.Hosts {
			errs = append(errs, hostErrors(one.Child("hosts").Index(h), host)...)
		}
		if !allow.secretNames {
			errs = append(errs, secretNameErrors(one.Child("secretName"), tls.SecretName)...)
		}
	}
	if class := spec.IngressClassName; class != nil {
		errs = append(errs, invalid(at.Child("ingressClassName"), *class, apivalidation.NameIsDNSSubdomain(*class, false))...)
	}
	return errs
}

// invalid is an error for each thing that is wrong with a value.
func invalid(at *field.Path, value any, reasons []string) field.ErrorList {
	var errs field.ErrorList
	for _, reason := range reasons {
		errs = append(errs, field.Invalid(at, value, reason))
	}
	return errs
}

func secretNameErrors(at *field.Path, name string) field.ErrorList {
	if name == "" {
		return nil
	}
	return invalid(at, name, apivalidation.NameIsDNSSubdomain(name, false))
}

// hostErrors holds a DNS name, whose first label may be a star, against the rules.
func hostErrors(at *field.Path, host string) field.ErrorList {
	if strings.Contains(host, "*") {
		return invalid(at, host, validation.IsWildcardDNS1123Subdomain(host))
	}
	return invalid(at, host, validation.IsDNS1123Subdomain(host))
}

// ingressRuleHostErrors is the part of validateIngressRules about the host, which may be missing and may not be an address.
func ingressRuleHostErrors(at *field.Path, host string) field.ErrorList {
	if host == "" {
		return nil
	}
	var errs field.ErrorList
	if netutils.ParseIPSloppy(host) != nil {
		errs = append(errs, field.Invalid(at, host, "must be a DNS name, not an IP address"))
	}
	return append(errs, hostErrors(at, host)...)
}

// ingressPathsErrors is validateHTTPIngressRuleValue.
func ingressPathsErrors(at *field.Path, http *networkingv1.HTTPIngressRuleValue) field.ErrorList {
	if http == nil {
		return nil
	}
	if len(http.Paths) == 0 {
		return field.ErrorList{field.Required(at.Child("paths"), "")}
	}
	var errs field.ErrorList
	for i := range http.Paths {
		errs = append(errs, ingressPathErrors(at.Child("paths").Index(i), &http.Paths[i])...)
	}
	return errs
}

// ingressPathTypes are sorted, as errors list them.
var ingressPathTypes = []networkingv1.PathType{networkingv1.PathTypeExact, networkingv1.PathTypeImplementationSpecific, networkingv1.PathTypePrefix}

// ingressPathErrors is validateHTTPIngressPath.
func ingressPathErrors(at *field.Path, p *networkingv1.HTTPIngressPath) field.ErrorList {
	if p.PathType == nil {
		return field.ErrorList{field.Required(at.Child("pathType"), "pathType must be specified")}
	}
	var errs field.ErrorList
	relative := !strings.HasPrefix(p.Path, "/")
	switch *p.PathType {
	case networkingv1.PathTypeExact, networkingv1.PathTypePrefix:
		if relative {
			errs = append(errs, field.Invalid(at.Child("path"), p.Path, "must be an absolute path"))
		}
		for _, part := range []string{"//", "/./", "/../", "%2f", "%2F"} {
			if strings.Contains(p.Path, part) {
				errs = append(errs, field.Invalid(at.Child("path"), p.Path, "must not contain '"+part+"'"))
			}
		}
		for _, end := range []string{"/..", "/."} {
			if strings.HasSuffix(p.Path, end) {
				errs = append(errs, field.Invalid(at.Child("path"), p.Path, "cannot end with '"+end+"'"))
			}
		}
	case networkingv1.PathTypeImplementationSpecific:
		if p.Path != "" && relative {
			errs = append(errs, field.Invalid(at.Child("path"), p.Path, "must be an absolute path"))
		}
	default:
		errs = append(errs, field.NotSupported(at.Child("pathType"), *p.PathType, ingressPathTypes))
	}
	return append(errs, ingressBackendErrors(at.Child("backend"), &p.Backend)...)
}

// ingressBackendErrors is validateIngressBackend.
func ingressBackendErrors(at *field.Path, b *networkingv1.IngressBackend) field.ErrorList {
	switch {
	case b.Resource != nil && b.Service != nil:
		return field.ErrorList{field.Invalid(at, "", "cannot set both resource and service backends")}
	case b.Resource != nil:
		return ingressResourceErrors(at.Child("resource"), b.Resource)
	case b.Service != nil:
		return ingressServiceErrors(at, b.Service)
	}
	return field.ErrorList{field.Invalid(at, "", "resource or service backend is required")}
}

func ingressServiceErrors(at *field.Path, s *networkingv1.IngressServiceBackend) field.ErrorList {
	service := at.Child("service")
	errs := required(service.Child("name"), s.Name, func(name string) []string { return apivalidation.NameIsDNSLabel(name, false) })
	switch port := service.Child("port"); {
	case s.Port.Name != "" && s.Port.Number != 0:
		return append(errs, field.Invalid(at, "", "cannot set both port name & port number"))
	case s.Port.Name != "":
		return append(errs, invalid(port.Child("name"), s.Port.Name, validation.IsValidPortName(s.Port.Name))...)
	case s.Port.Number != 0:
		return append(errs, invalid(port.Child("number"), s.Port.Number, validation.IsValidPortNum(int(s.Port.Number)))...)
	}
	return append(errs, field.Required(at, "port name or number is required"))
}

// ingressResourceErrors is validateIngressTypedLocalObjectReference.
func ingressResourceErrors(at *field.Path, ref *corev1.TypedLocalObjectReference) field.ErrorList {
	var errs field.ErrorList
	if group := ref.APIGroup; group != nil {
		errs = invalid(at.Child("apiGroup"), *group, validation.IsDNS1123Subdomain(*group))
	}
	errs = append(errs, required(at.Child("kind"), ref.Kind, path.IsValidPathSegmentName)...)
	return append(errs, required(at.Child("name"), ref.Name, path.IsValidPathSegmentName)...)
}

// required holds a text that must be there against a rule.
func required(at *field.Path, text string, rule func(string) []string) field.ErrorList {
	if text == "" {
		return field.ErrorList{field.Required(at, "")}
	}
	return invalid(at, text, rule(text))
}

// ingressStatusErrors is ValidateIngressStatusUpdate.
func ingressStatusErrors(i, old *networkingv1.Ingress) field.ErrorList {
	errs := metaUpdateErrors(&i.ObjectMeta, &old.ObjectMeta)
	for n, point := range i.Status.LoadBalancer.Ingress {
		at := field.NewPath("status", "loadBalancer", "ingress").Index(n)
		if point.IP != "" {
			errs = append(errs, validation.IsValidIPForLegacyField(at.Child("ip"), point.IP, true, ingressIPs(old))...)
		}
		if point.Hostname == "" {
			continue
		}
		errs = append(errs, invalid(at.Child("hostname"), point.Hostname, validation.IsDNS1123Subdomain(point.Hostname))...)
		if netutils.ParseIPSloppy(point.Hostname) != nil {
			errs = append(errs, field.Invalid(at.Child("hostname"), point.Hostname, "must be a DNS name, not an IP address"))
		}
	}
	return errs
}

func ingressIPs(i *networkingv1.Ingress) []string {
	var ips []string
	for _, point := range i.Status.LoadBalancer.Ingress {
		if point.IP != "" {
			ips = append(ips, point.IP)
		}
	}
	return ips
}
