package types

import (
	"fmt"
	"net"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func secretName(ref *corev1.LocalObjectReference) []needed {
	if ref == nil {
		return nil
	}
	return []needed{{"secretRef.name", ref.Name}}
}

func (c *podCheck) emptyDir(at *field.Path, s *corev1.EmptyDirVolumeSource) {
	if s.SizeLimit != nil && s.SizeLimit.Sign() < 0 {
		c.Forbidden(at.Child("sizeLimit"), "SizeLimit field must be a valid resource quantity")
	}
	if m := s.Mode; m != nil && (*m < 0 || *m > 0o1777) { // in a template that had a mode before its gate was off
		c.Invalid(at.Child("mode"), *m, "must be a number between 0 and 01777 (octal), both inclusive")
	}
}

func (c *podCheck) hostPath(at *field.Path, s *corev1.HostPathVolumeSource) {
	if !c.Present(at.Child("path"), s.Path) {
		return
	}
	c.noBackstep(at.Child("path"), s.Path)
	if s.Type != nil {
		oneOf(&c.report, at.Child("type"), *s.Type, corev1.HostPathUnset, corev1.HostPathBlockDev, corev1.HostPathCharDev, corev1.HostPathDirectory,
			corev1.HostPathDirectoryOrCreate, corev1.HostPathFile, corev1.HostPathFileOrCreate, corev1.HostPathSocket)
	}
}

func (c *podCheck) partition(at *field.Path, n int32) {
	if n < 0 || n > 255 {
		c.Invalid(at.Child("partition"), n, validation.InclusiveRangeError(1, 255))
	}
}

// iscsiNames are the formats of targets and initiators, by prefix.
var iscsiNames = map[string]*regexp.Regexp{
	"iqn": regexp.MustCompile(`iqn\.\d{4}-\d{2}\.([[:alnum:]-.]+)(:[^,;*&$|\s]+)$`),
	"eui": regexp.MustCompile(`^eui.[[:alnum:]]{16}$`),
	"naa": regexp.MustCompile(`^naa.[[:alnum:]]{32}$`),
}

func (c *podCheck) iscsiName(at *field.Path, name string) {
	format := iscsiNames[name[:min(3, len(name))]]
	if format == nil {
		c.Invalid(at, name, "must be valid format starting with iqn, eui, or naa")
	} else if !format.MatchString(name) {
		c.Invalid(at, name, "must be valid format")
	}
}

func (c *podCheck) iscsi(at *field.Path, s *corev1.ISCSIVolumeSource) {
	c.Present(at.Child("targetPortal"), s.TargetPortal)
	if c.Present(at.Child("iqn"), s.IQN) {
		c.iscsiName(at.Child("iqn"), s.IQN)
	}
	if s.Lun < 0 || s.Lun > 255 {
		c.Invalid(at.Child("lun"), s.Lun, validation.InclusiveRangeError(0, 255))
	}
	if (s.DiscoveryCHAPAuth || s.SessionCHAPAuth) && s.SecretRef == nil {
		c.Required(at.Child("secretRef"), "")
	}
	if s.InitiatorName != nil {
		c.iscsiName(at.Child("initiatorname"), *s.InitiatorName)
	}
}

// maxISCSIInitiator is the length of what the initiator is told apart by.
const maxISCSIInitiator = 64

func (c *podCheck) iscsiVolumeName(at *field.Path, v *corev1.Volume) {
	if v.ISCSI.InitiatorName != nil && len(v.Name+":"+v.ISCSI.TargetPortal) > maxISCSIInitiator {
		c.Invalid(at, v.Name, "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.")
	}
}

func (c *podCheck) flocker(at *field.Path, s *corev1.FlockerVolumeSource) {
	if s.DatasetName == "" && s.DatasetUUID == "" {
		c.Required(at, "one of datasetName and datasetUUID is required")
	}
	if s.DatasetName != "" && s.DatasetUUID != "" {
		c.Invalid(at, "resource", "datasetName and datasetUUID can not be specified simultaneously")
	}
	if strings.Contains(s.DatasetName, "/") {
		c.Invalid(at.Child("datasetName"), s.DatasetName, "must not contain '/'")
	}
}

func (c *podCheck) quobyte(at *field.Path, s *corev1.QuobyteVolumeSource) {
	const pairs = "must be a host:port pair or multiple pairs separated by commas"
	switch {
	case s.Registry == "":
		c.Required(at.Child("registry"), pairs)
	case len(s.Tenant) >= 65:
		c.Required(at.Child("tenant"), "must be a UUID and may not exceed a length of 64 characters")
	default:
		for _, pair := range strings.Split(s.Registry, ",") {
			if _, _, err := net.SplitHostPort(pair); err != nil {
				c.Invalid(at.Child("registry"), s.Registry, pairs)
			}
		}
	}
	c.Present(at.Child("volume"), s.Volume)
}

func (c *podCheck) fibreChannel(at *field.Path, s *corev1.FCVolumeSource) {
	targets, lun := at.Child("targetWWNs"), at.Child("lun")
	if len(s.TargetWWNs) == 0 && len(s.WWIDs) == 0 {
		c.Required(targets, "must specify either targetWWNs or wwids, but not both")
	}
	if len(s.TargetWWNs) > 0 && len(s.WWIDs) > 0 {
		c.Invalid(targets, s.TargetWWNs, "targetWWNs and wwids can not be specified simultaneously")
	}
	if len(s.TargetWWNs) > 0 {
		if s.Lun == nil {
			c.Required(lun, "lun is required if targetWWNs is specified")
		} else if *s.Lun < 0 || *s.Lun > 255 {
			c.Invalid(lun, *s.Lun, validation.InclusiveRangeError(0, 255))
		}
	}
}

func (c *podCheck) flexVolume(at *field.Path, s *corev1.FlexVolumeSource) {
	c.Present(at.Child("driver"), s.Driver)
	for _, key := range sortedKeys(s.Options) {
		domain, _, _ := strings.Cut(key, "/")
		domain = "." + strings.ToLower(domain)
		if strings.HasSuffix(domain, ".kubernetes.io") || strings.HasSuffix(domain, ".k8s.io") {
			c.Invalid(at.Child("options").Key(key), key, "kubernetes.io and k8s.io namespaces are reserved")
		}
	}
}

func (c *podCheck) azureDisk(at *field.Path, s *corev1.AzureDiskVolumeSource) {
	c.Present(at.Child("diskName"), s.DiskName)
	c.Present(at.Child("diskURI"), s.DataDiskURI)
	if s.CachingMode != nil {
		oneOf(&c.report, at.Child("cachingMode"), *s.CachingMode, corev1.AzureDataDiskCachingNone, corev1.AzureDataDiskCachingReadOnly, corev1.AzureDataDiskCachingReadWrite)
	}
	if s.Kind == nil {
		return
	}
	oneOf(&c.report, at.Child("kind"), *s.Kind, corev1.AzureDedicatedBlobDisk, corev1.AzureManagedDisk, corev1.AzureSharedBlobDisk)
	managed := *s.Kind == corev1.AzureManagedDisk
	if managed && !strings.HasPrefix(s.DataDiskURI, "/subscriptions/") {
		c.Add(field.NotSupported(at.Child("diskURI"), s.DataDiskURI,
			[]string{"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"}))
	}
	if !managed && !strings.HasPrefix(s.DataDiskURI, "https://") {
		c.Add(field.NotSupported(at.Child("diskURI"), s.DataDiskURI, []string{"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"}))
	}
}

func (c *podCheck) storageOS(at *field.Path, s *corev1.StorageOSVolumeSource) {
	if c.Present(at.Child("volumeName"), s.VolumeName) {
		c.Messages(at.Child("volumeName"), s.VolumeName, validation.IsDNS1123Label(s.VolumeName))
	}
	if s.VolumeNamespace != "" {
		c.Messages(at.Child("volumeNamespace"), s.VolumeNamespace, validation.IsDNS1123Label(s.VolumeNamespace))
	}
	if s.SecretRef != nil {
		c.Present(at.Child("secretRef", "name"), s.SecretRef.Name)
	}
}

const maxDriverName = 63

func (c *podCheck) csi(at *field.Path, s *corev1.CSIVolumeSource) {
	driver := at.Child("driver")
	c.Present(driver, s.Driver)
	if len(s.Driver) > maxDriverName {
		c.Add(field.TooLong(driver, "", maxDriverName))
	}
	c.Messages(driver, s.Driver, validation.IsDNS1123Subdomain(strings.ToLower(s.Driver)))
	if ref := s.NodePublishSecretRef; ref != nil && c.Present(at.Child("nodePublishSecretRef", "name"), ref.Name) {
		c.Messages(at.Child("name"), ref.Name, apivalidation.NameIsDNSSubdomain(ref.Name, false))
	}
}

func (c *podCheck) ephemeral(at *field.Path, s *corev1.EphemeralVolumeSource) {
	if s.VolumeClaimTemplate == nil {
		c.Required(at.Child("volumeClaimTemplate"), "")
		return
	}
	c.claimTemplate(at.Child("volumeClaimTemplate"), s.VolumeClaimTemplate)
}

// claimName checks the name that the claim of an ephemeral volume gets, from pod and volume. A template's pods have no names yet.
func (c *podCheck) claimName(at *field.Path, v *corev1.Volume) {
	if c.podName == "" || v.Name == "" {
		return
	}
	claim := c.podName + "-" + v.Name
	for _, m := range apivalidation.NameIsDNSSubdomain(claim, false) {
		c.Invalid(at, v.Name, fmt.Sprintf("PVC name %q: %v", claim, m))
	}
}
