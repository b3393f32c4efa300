STANDARD = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}


def scenario_quotas(aws):
    quotas = getattr(aws, "service-quotas")
    assert quotas.GetServiceQuota(**STANDARD)["Quota"]["Value"] == 5
    asked = quotas.RequestServiceQuotaIncrease(DesiredValue=64, **STANDARD)["RequestedQuota"]
    assert asked["Status"] == "APPROVED"
    assert quotas.GetServiceQuota(**STANDARD)["Quota"]["Value"] == 64
    assert quotas.GetAWSDefaultServiceQuota(**STANDARD)["Quota"]["Value"] == 5
    unknown = {"ServiceCode": "ec2", "QuotaCode": "L-00000000"}
    quotas.fails("NoSuchResourceException").GetServiceQuota(**unknown)
    quotas.fails("NoSuchResourceException").GetAWSDefaultServiceQuota(**unknown)
    quotas.fails("IllegalArgumentException").RequestServiceQuotaIncrease(DesiredValue=1, **STANDARD)
