package types

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// security is ValidateSecurityContext, for one container.
func (c *podCheck) security(at *field.Path, sc *corev1.SecurityContext) {
	if sc == nil {
		return
	}
	c.userID(at.Child("runAsUser"), sc.RunAsUser)
	c.userID(at.Child("runAsGroup"), sc.RunAsGroup)
	if sc.ProcMount != nil {
		oneOf(&c.report, at.Child("procMount"), *sc.ProcMount, corev1.DefaultProcMount, corev1.UnmaskedProcMount)
		if *sc.ProcMount == corev1.UnmaskedProcMount && isHostUser(c.spec) {
			c.Invalid(at.Child("procMount"), *sc.ProcMount, "`hostUsers` must be false to use `Unmasked`")
		}
	}
	c.seccomp(at.Child("seccompProfile"), sc.SeccompProfile)
	if sc.AllowPrivilegeEscalation != nil && !*sc.AllowPrivilegeEscalation {
		if sc.Privileged != nil && *sc.Privileged {
			c.Invalid(at, internal(sc), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
		}
		if sc.Capabilities != nil {
			for _, capability := range sc.Capabilities.Add {
				if capability == "CAP_SYS_ADMIN" {
					c.Invalid(at, internal(sc), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
				}
			}
		}
	}
	c.windowsOptions(at.Child("windowsOptions"), sc.WindowsOptions)
	c.appArmor(at.Child("appArmorProfile"), sc.AppArmorProfile)
}

// isHostUser reports whether a pod's users are the node's, which they are unless it says otherwise.
func isHostUser(spec *corev1.PodSpec) bool { return spec.HostUsers == nil || *spec.HostUsers }

// userID is IsValidUserID and IsValidGroupID, which have one range.
func (r *report) userID(at *field.Path, id *int64) {
	if id != nil {
		r.Messages(at, *id, validation.IsValidUserID(*id))
	}
}

// podSecurity is validatePodSpecSecurityContext.
func (c *podCheck) podSecurity(spec *field.Path) {
	sc, at := c.spec.SecurityContext, spec.Child("securityContext")
	if sc == nil {
		sc = &corev1.PodSecurityContext{}
	}
	c.userID(at.Child("fsGroup"), sc.FSGroup)
	c.userID(at.Child("runAsUser"), sc.RunAsUser)
	c.userID(at.Child("runAsGroup"), sc.RunAsGroup)
	for i := range sc.SupplementalGroups {
		c.userID(at.Child("supplementalGroups").Index(i), &sc.SupplementalGroups[i])
	}
	if share := c.spec.ShareProcessNamespace; share != nil && *share && c.spec.HostPID {
		c.Invalid(spec.Child("shareProcessNamespace"), true, "ShareProcessNamespace and HostPID cannot both be enabled")
	}
	c.sysctls(at.Child("sysctls"), sc.Sysctls)
	if sc.FSGroupChangePolicy != nil {
		oneOf(&c.report, at.Child("fsGroupChangePolicy"), *sc.FSGroupChangePolicy, corev1.FSGroupChangeAlways, corev1.FSGroupChangeOnRootMismatch)
	}
	c.seccomp(at.Child("seccompProfile"), sc.SeccompProfile)
	c.windowsOptions(at.Child("windowsOptions"), sc.WindowsOptions)
	c.appArmor(at.Child("appArmorProfile"), sc.AppArmorProfile)
	if sc.SupplementalGroupsPolicy != nil {
		oneOf(&c.report, at.Child("supplementalGroupsPolicy"), *sc.SupplementalGroupsPolicy, corev1.SupplementalGroupsPolicyMerge, corev1.SupplementalGroupsPolicyStrict)
	}
	if sc.SELinuxChangePolicy != nil {
		oneOf(&c.report, at.Child("seLinuxChangePolicy"), *sc.SELinuxChangePolicy, corev1.SELinuxChangePolicyMountOption, corev1.SELinuxChangePolicyRecursive)
	}
}

// sysctlName is the grammar of kernel parameters; its text is part of the message.
var sysctlName = regexp.MustCompile(`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`)

const maxSysctlName = 253

// sysctls is validateSysctls. A parameter of a namespace that the pod shares with the node is refused.
func (c *podCheck) sysctls(at *field.Path, list []corev1.Sysctl) {
	seen := map[string]bool{}
	for i, s := range list {
		name := at.Index(i).Child("name")
		switch {
		case s.Name == "":
			c.Required(name, "")
		case len(s.Name) > maxSysctlName || !sysctlName.MatchString(s.Name):
			c.Invalid(name, s.Name, fmt.Sprintf("must have at most %d characters and match regex %s", maxSysctlName, sysctlName))
		case seen[s.Name]:
			c.Add(field.Duplicate(name, s.Name))
		}
		seen[s.Name] = true
		switch {
		case c.spec.HostNetwork && isNetworkSysctl(s.Name):
			c.Invalid(name, s.Name, "may not be specified when 'hostNetwork' is true")
		case c.spec.HostIPC && isIPCSysctl(s.Name):
			c.Invalid(name, s.Name, "may not be specified when 'hostIPC' is true")
		}
	}
}

// dotted writes a parameter with dots: the kernel takes slashes, too, and the first separator says which.
func dotted(name string) string {
	if i := strings.IndexAny(name, "./"); i >= 0 && name[i] == '/' {
		return strings.NewReplacer("/", ".", ".", "/").Replace(name)
	}
	return name
}

func isNetworkSysctl(name string) bool { return strings.HasPrefix(dotted(name), "net.") }

func isIPCSysctl(name string) bool {
	name = dotted(name)
	return strings.HasPrefix(name, "kernel.shm") || strings.HasPrefix(name, "kernel.msg") || strings.HasPrefix(name, "fs.mqueue.") || name == "kernel.sem"
}

// seccomp is validateSeccompProfileField.
func (r *report) seccomp(at *field.Path, p *corev1.SeccompProfile) {
	if p == nil {
		return
	}
	if p.Type == "" {
		r.Required(at.Child("type"), "type is required when seccompProfile is set")
	} else {
		oneOf(r, at.Child("type"), p.Type, corev1.SeccompProfileTypeLocalhost, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeUnconfined)
	}
	local := at.Child("localhostProfile")
	switch {
	case p.Type != corev1.SeccompProfileTypeLocalhost:
		if p.LocalhostProfile != nil {
			r.Invalid(local, internal(p), "can only be set when seccomp type is Localhost")
		}
	case p.LocalhostProfile == nil:
		r.Required(local, "must be set when seccomp type is Localhost")
	default:
		r.descendingPath(local, *p.LocalhostProfile)
	}
}

const maxProfilePath = 4095 // PATH_MAX - 1

// appArmor is ValidateAppArmorProfileField.
func (r *report) appArmor(at *field.Path, p *corev1.AppArmorProfile) {
	if p == nil {
		return
	}
	local := at.Child("localhostProfile")
	switch p.Type {
	case corev1.AppArmorProfileTypeLocalhost:
		r.appArmorFile(local, p.LocalhostProfile)
	case corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined:
		if p.LocalhostProfile != nil {
			r.Invalid(local, *p.LocalhostProfile, "can only be set when AppArmor type is Localhost")
		}
	case "":
		r.Required(at.Child("type"), "type is required when appArmorProfile is set")
	default:
		oneOf(r, at.Child("type"), p.Type, corev1.AppArmorProfileTypeLocalhost, corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined)
	}
}

func (r *report) appArmorFile(at *field.Path, file *string) {
	if file == nil {
		r.Required(at, "must be set when AppArmor type is Localhost")
		return
	}
	if strings.TrimSpace(*file) != *file {
		r.Invalid(at, *file, "must not be padded with whitespace")
	} else if *file == "" {
		r.Required(at, "must be set when AppArmor type is Localhost")
	}
	if len(*file) > maxProfilePath {
		r.Add(field.TooLong(at, "", maxProfilePath))
	}
}

// annotationsMatchFields checks that the annotations which fields replaced say the same as the fields, as
// validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate do.
func (c *podCheck) annotationsMatchFields(meta *metav1.ObjectMeta, at *field.Path) {
	var podProfile *corev1.AppArmorProfile
	if sc := c.spec.SecurityContext; sc != nil {
		podProfile = sc.AppArmorProfile
		if text, ok := meta.Annotations[corev1.SeccompPodAnnotationKey]; ok && sc.SeccompProfile != nil {
			c.seccompMatches(at.Child("securityContext", "seccompProfile"), text, sc.SeccompProfile)
		}
	}
	eachContainer(c.spec, at, func(container *corev1.Container, at *field.Path) {
		text, ok := meta.Annotations[corev1.SeccompContainerAnnotationKeyPrefix+container.Name]
		if sc := container.SecurityContext; ok && sc != nil && sc.SeccompProfile != nil {
			c.seccompMatches(at.Child("securityContext", "seccompProfile"), text, sc.SeccompProfile)
		}
	})
	if c.spec.OS != nil && c.spec.OS.Name == corev1.Windows {
		return
	}
	eachContainer(c.spec, at, func(container *corev1.Container, at *field.Path) {
		profile := podProfile
		if sc := container.SecurityContext; sc != nil && sc.AppArmorProfile != nil {
			profile = sc.AppArmorProfile
		}
		if text, ok := meta.Annotations[corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix+container.Name]; ok && profile != nil {
			c.appArmorMatches(at.Child("securityContext", "appArmorProfile"), text, profile)
		}
	})
}

func (r *report) seccompMatches(at *field.Path, text string, p *corev1.SeccompProfile) {
	file, local := strings.CutPrefix(text, corev1.SeccompLocalhostProfileNamePrefix)
	same := true
	switch p.Type {
	case corev1.SeccompProfileTypeUnconfined:
		same = text == corev1.SeccompProfileNameUnconfined
	case corev1.SeccompProfileTypeRuntimeDefault:
		same = text == corev1.SeccompProfileRuntimeDefault || text == corev1.DeprecatedSeccompProfileDockerDefault
	case corev1.SeccompProfileTypeLocalhost:
		same = local
		if local && (p.LocalhostProfile == nil || file != *p.LocalhostProfile) {
			r.Forbidden(at.Child("localhostProfile"), "seccomp profile in annotation and field must match")
		}
	}
	if !same {
		r.Forbidden(at.Child("type"), "seccomp type in annotation and field must match")
	}
}

func (r *report) appArmorMatches(at *field.Path, text string, p *corev1.AppArmorProfile) {
	file, local := strings.CutPrefix(text, corev1.DeprecatedAppArmorBetaProfileNamePrefix)
	same := true
	switch p.Type {
	case corev1.AppArmorProfileTypeUnconfined:
		same = text == corev1.DeprecatedAppArmorBetaProfileNameUnconfined
	case corev1.AppArmorProfileTypeRuntimeDefault:
		same = text == corev1.DeprecatedAppArmorBetaProfileRuntimeDefault
	case corev1.AppArmorProfileTypeLocalhost:
		same = local
		if local && (p.LocalhostProfile == nil || file != *p.LocalhostProfile) {
			r.Forbidden(at.Child("localhostProfile"), "apparmor profile in annotation and field must match")
		}
	}
	if !same {
		r.Forbidden(at.Child("type"), "apparmor type in annotation and field must match")
	}
}

// hostUsers is validateHostUsers: users of its own do not go with namespaces of the node.
func (c *podCheck) hostUsers(at *field.Path) {
	if isHostUser(c.spec) {
		return
	}
	for _, f := range []struct {
		name string
		set  bool
	}{{"hostNetwork", c.spec.HostNetwork}, {"hostPID", c.spec.HostPID}, {"hostIPC", c.spec.HostIPC}} {
		if f.set {
			c.Forbidden(at.Child(f.name), "when `hostUsers` is false")
		}
	}
}
