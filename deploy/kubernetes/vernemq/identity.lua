-- Who connects is who the certificate says. VerneMQ makes its CN the user name; the client identifier it takes as it
-- comes. Without this anybody with a certificate could take over another's session, and hear what is queued in it.
-- Loaded by vmq_diversity (docs.vernemq.com, Lua Scripting Support).

local CONSUMERS = "cloud"

function is_its_own(reg)
    if type(reg.username) ~= "string" or type(reg.client_id) ~= "string" then
        return false
    end
    if reg.username == CONSUMERS then
        -- Each of the cloud's consumers has a name of its own: cloud-<pod>.
        return string.sub(reg.client_id, 1, 6) == "cloud-"
    end
    return reg.client_id == reg.username
end

hooks = {
    auth_on_register = is_its_own,
    auth_on_register_m5 = is_its_own,
}
